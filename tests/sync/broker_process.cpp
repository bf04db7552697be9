#include "broker_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace hefang::test {
namespace {

const char* program() {
    for (const char* path : {"/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"}) {
        if (::access(path, X_OK) == 0) return path;
    }
    return nullptr;
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    const bool ok = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    if (!ok) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

bool takes_connections(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(port);
    const bool ok = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return ok;
}

}  // namespace

bool broker_available() {
    if (program() != nullptr) return true;
    std::puts("skipped: mosquitto is not installed");
    return false;
}

bool eventually(const std::function<bool()>& condition, std::int64_t limit_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hefang-sync-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

BrokerProcess::BrokerProcess() : port_(free_port()) {
    std::string name = (std::filesystem::temp_directory_path() / "hefang-broker-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    std::filesystem::permissions(folder_,
                                 std::filesystem::perms(0755));  // mosquitto drops its rights when root starts it
    std::ofstream(folder_ + "/conf") << "listener " << port_
                                     << " 127.0.0.1\nallow_anonymous true\npersistence false\n"
                                        "max_inflight_messages 0\nmax_queued_messages 0\nlog_type error\n";
    start();
}

BrokerProcess::~BrokerProcess() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void BrokerProcess::start() {
    const std::string conf = folder_ + "/conf";
    const char* path = program();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int null = ::open("/dev/null", O_RDWR);
        ::dup2(null, 1);
        ::dup2(null, 2);
        ::execl(path, path, "-c", conf.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    if (!eventually([&] { return takes_connections(port_); })) throw std::runtime_error("the broker does not start");
}

void BrokerProcess::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void BrokerProcess::freeze() { ::kill(pid_, SIGSTOP); }
void BrokerProcess::thaw() { ::kill(pid_, SIGCONT); }

}  // namespace hefang::test
