#include "worker/worker.hpp"

#include "belt/scene.hpp"

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using worker::Worker;

namespace {

const std::string real = std::string(HEFANG_BIN_DIR) + "/hefang-vision";
constexpr const char* hello = "printf '\\003\\000\\000\\000H\\001\\000'\n";

/// A program that stands in for the worker, for what the real one does on bad days only.
struct Script {
    std::string path;
    explicit Script(const std::string& body) {
        std::string name = std::filesystem::temp_directory_path() / "hefang-worker-XXXXXX";
        const int fd = ::mkstemp(name.data());
        ::close(fd);
        path = name;
        std::ofstream(path) << "#!/bin/sh\n" << body;
        ::chmod(path.c_str(), 0700);
    }
    ~Script() { std::filesystem::remove(path); }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;
};

codec::SightRequest picture_of(const std::string& text) {
    const auto label = hil::make_label("Code128", text);
    REQUIRE(label);
    const auto picture = hil::draw(600, 200, {{*label, 300, 100}}, {}, 200, 1);
    codec::SightRequest request;
    request.width = static_cast<std::uint32_t>(picture.width);
    request.height = static_cast<std::uint32_t>(picture.height);
    request.pixels.assign(picture.pixels.begin(), picture.pixels.end());
    request.options.budget_ms = 2'000;  // the machine of tests may be busy
    return request;
}

codec::SightRequest file_of(std::string bytes) {
    codec::SightRequest request;
    request.pixels = std::move(bytes);
    return request;
}

struct Bench {
    Counters counters;
    link::Stop stop;
    worker::WorkerLimits limits{std::chrono::seconds(20), std::chrono::seconds(20)};
};

}  // namespace

TEST_CASE("the real worker reads a picture, and the next one") {
    Bench b;
    Worker worker(real, b.limits, b.counters);
    for (const char* text : {"WORKER1", "WORKER2"}) {
        const auto answer = worker.look(picture_of(text), b.stop);
        REQUIRE(answer);
        REQUIRE(answer->codes.size() == 1);
        CHECK(answer->codes[0].text == text);
        CHECK(answer->width == 600);
    }
    CHECK(b.counters.value("worker-starts") == 1);
    CHECK(b.counters.value("pictures") == 2);
    CHECK(b.counters.value("codes") == 2);
}

TEST_CASE("what is no picture is refused with its reason, and the worker lives on") {
    Bench b;
    Worker worker(real, b.limits, b.counters);
    const auto answer = worker.look(file_of("no picture"), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error() == Error{Errc::refused, "unknown-format"});
    CHECK(worker.look(picture_of("AFTER"), b.stop));
    CHECK(b.counters.value("refused-unknown-format") == 1);
    CHECK(b.counters.value("worker-starts") == 1);
}

TEST_CASE("a worker that is killed costs the picture at which it is missed, and no more") {
    Bench b;
    Worker worker(real, b.limits, b.counters);
    REQUIRE(worker.start(b.stop));
    ::kill(worker.pid(), SIGKILL);
    const auto lost = worker.look(picture_of("LOST"), b.stop);
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == Errc::unreachable);
    CHECK(lost.error().detail == "the image worker died: killed by signal 9 (Killed)");
    CHECK(worker.look(picture_of("AFTER"), b.stop));
    CHECK(b.counters.value("worker-deaths") == 1);
    CHECK(b.counters.value("worker-starts") == 2);
}

TEST_CASE("a worker that aborts at a picture is named with what it said") {
    Bench b;
    const Script script(std::string(hello) + "read x; echo noise >&2; echo 'Assertion failed' >&2; kill -ABRT $$\n");
    Worker worker(script.path, b.limits, b.counters);
    const auto answer = worker.look(file_of("picture\n"), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::unreachable);
    CHECK(answer.error().detail.find("the image worker died: killed by signal ") == 0);
    CHECK(answer.error().detail.find(": Assertion failed") != std::string::npos);
    CHECK_FALSE(worker.running());
}

TEST_CASE("a worker that stands still is ended when the time of the picture is over") {
    Bench b;
    b.limits.beyond = std::chrono::milliseconds(50);
    const Script script(std::string(hello) + "exec sleep 1000\n");
    Worker worker(script.path, b.limits, b.counters);
    REQUIRE(worker.start(b.stop));
    const auto pid = worker.pid();
    auto request = file_of("x");
    request.options.budget_ms = 1;
    const auto answer = worker.look(std::move(request), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error() == Error{Errc::timeout, "the image worker hung and was ended"});
    CHECK(b.counters.value("worker-hangs") == 1);
    CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("what a worker says is believed only when it is an answer to the question") {
    struct Row {
        const char* why;
        std::string says;
        std::string want;
    };
    const std::string codes_none = "\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000";
    const auto row = GENERATE_COPY(values<Row>({
        {"noise", "printf 'xxxxxxxxxxxxxxxx'", "its message is too-long"},
        {"a hello again", "printf '\\003\\000\\000\\000H\\001\\000'", "its answer is bad-kind"},
        {"an answer to another question", "printf '\\023\\000\\000\\000A\\002\\000\\000\\000" + codes_none + "'",
         "it answered another question"},
        {"a cut answer", "printf '\\002\\000\\000\\000A\\001'", "its answer is cut-short"},
    }));
    INFO(row.why);
    Bench b;
    const Script script(std::string(hello) + row.says + "\nexec sleep 1000\n");
    Worker worker(script.path, b.limits, b.counters);
    const auto answer = worker.look(file_of("x"), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::corrupt);
    CHECK(answer.error().detail == "the image worker answered nonsense: " + row.want);
    CHECK(b.counters.value("worker-garbage") == 1);
    CHECK_FALSE(worker.running());
}

TEST_CASE("an answer without codes is one") {
    Bench b;
    const Script script(std::string(hello) + "printf '\\023\\000\\000\\000A\\001\\000\\000\\000" +
                        "\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000'\nexec sleep 1000\n");
    Worker worker(script.path, b.limits, b.counters);
    const auto answer = worker.look(file_of("x"), b.stop);
    REQUIRE(answer);
    CHECK(answer->codes.empty());
}

TEST_CASE("a worker that cannot be started says why") {
    Bench b;
    SECTION("no such program") {
        Worker worker("/nowhere/hefang-vision", b.limits, b.counters);
        const auto started = worker.start(b.stop);
        REQUIRE_FALSE(started);
        CHECK(started.error() == Error{Errc::not_found, "/nowhere/hefang-vision: No such file or directory"});
    }
    SECTION("one of another version") {
        const Script script("printf '\\003\\000\\000\\000H\\002\\000'\nexec sleep 1000\n");
        Worker worker(script.path, b.limits, b.counters);
        const auto started = worker.start(b.stop);
        REQUIRE_FALSE(started);
        CHECK(started.error().code == Errc::refused);
        CHECK_FALSE(worker.running());
    }
    SECTION("one that ends at once") {
        const Script script("exit 3\n");
        Worker worker(script.path, b.limits, b.counters);
        const auto started = worker.start(b.stop);
        REQUIRE_FALSE(started);
        CHECK(started.error() == Error{Errc::unreachable, "the image worker died: ended with code 3"});
    }
    SECTION("one that says nothing") {
        b.limits.start = std::chrono::milliseconds(50);
        const Script script("exec sleep 1000\n");
        Worker worker(script.path, b.limits, b.counters);
        const auto started = worker.start(b.stop);
        REQUIRE_FALSE(started);
        CHECK(started.error().code == Errc::timeout);
    }
}

TEST_CASE("a stop request ends a look at once") {
    Bench b;
    const Script script(std::string(hello) + "exec sleep 1000\n");
    Worker worker(script.path, b.limits, b.counters);
    REQUIRE(worker.start(b.stop));
    b.stop.request();
    const auto answer = worker.look(file_of("x"), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::closed);
    CHECK(b.counters.value("worker-hangs") == 0);
    CHECK_FALSE(worker.running());
}

TEST_CASE("a picture above the limit is never sent") {
    Bench b;
    Worker worker("/nowhere/hefang-vision", b.limits, b.counters);
    const auto answer = worker.look(file_of(std::string(codec::most_pixel_bytes + 1, 'x')), b.stop);
    REQUIRE_FALSE(answer);
    CHECK(answer.error() == Error{Errc::refused, "too-large: more than 96 MiB"});
}
