#include "receiver_process.hpp"

#include "broker_process.hpp"
#include "receiver/receiver.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace hefang::test {

ReceiverProcess::ReceiverProcess(const std::string& broker, const std::string& folder, const std::string& name)
    : ready_(folder + "/" + name + ".ready"), counters_(folder + "/" + name + ".counters") {
    std::filesystem::remove(ready_);
    const std::string environment[] = {"HEFANG_TEST_BROKER=" + broker, "HEFANG_TEST_DB=" + folder + "/r.db",
                                       "HEFANG_TEST_READY=" + ready_, "HEFANG_TEST_COUNTERS=" + counters_};
    char* env[8] = {};
    std::size_t used = 0;
    for (const auto& e : environment) env[used++] = const_cast<char*>(e.c_str());
    std::string options[] = {"TSAN_OPTIONS=", "ASAN_OPTIONS=", "UBSAN_OPTIONS="};
    for (auto& o : options) {
        const char* value = std::getenv(o.substr(0, o.size() - 1).c_str());
        if (value != nullptr) env[used++] = (o += value).data();
    }
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    const char* args[] = {self.c_str(), "a receiver that serves until it is told to end", nullptr};
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(::open("/dev/null", O_WRONLY), 1);
        ::execve(self.c_str(), const_cast<char**>(args), env);
        ::_exit(127);
    }
    if (!eventually([this] { return std::filesystem::exists(ready_); })) {
        end(SIGKILL);
        throw std::runtime_error("the receiver's process does not get ready");
    }
}

ReceiverProcess::~ReceiverProcess() { end(SIGKILL); }
void ReceiverProcess::kill() { end(SIGKILL); }
void ReceiverProcess::stop() { end(SIGTERM); }

void ReceiverProcess::end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

std::uint64_t ReceiverProcess::counter(const std::string& name) const {
    std::ifstream in(counters_);
    std::string word;
    std::uint64_t value = 0;
    while (in >> word >> value) {
        if (word == name) return value;
    }
    return 0;
}

}  // namespace hefang::test

TEST_CASE("a receiver that serves until it is told to end", "[.process]") {
    const char* broker = std::getenv("HEFANG_TEST_BROKER");
    if (broker == nullptr) return;
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    hefang::receiver::ReceiverSettings settings;
    settings.broker = broker;
    settings.database = std::getenv("HEFANG_TEST_DB");
    settings.reconnect_first_ms = 20;
    settings.reconnect_most_ms = 200;
    const hefang::SystemClock clock;
    hefang::Counters counters;
    hefang::receiver::Receiver receiver(settings, clock, counters);
    REQUIRE(receiver.start());
    REQUIRE(hefang::test::eventually([&] { return receiver.online(); }));
    std::ofstream(std::getenv("HEFANG_TEST_READY")) << "ready\n";
    int which = 0;
    sigwait(&ends, &which);
    receiver.stop();
    std::ofstream out(std::getenv("HEFANG_TEST_COUNTERS"));
    for (const auto& row : counters.rows()) out << row.name << ' ' << row.value << '\n';
}
