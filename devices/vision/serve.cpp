#include "vision/serve.hpp"

#include "vision/load_picture.hpp"
#include "vision/read_codes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>

#include <unistd.h>

namespace hefang::vision {
namespace {

using codec::SightAnswer;
using codec::SightRefusal;

std::uint64_t cpu_us() {
    std::timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(t.tv_nsec) / 1'000;
}

void look(const codec::SightRequest& request, const GreyView& picture, SightAnswer& answer) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(request.options.budget_ms);
    answer.width = static_cast<std::uint32_t>(picture.width);
    answer.height = static_cast<std::uint32_t>(picture.height);
    answer.codes = read_codes(picture, request.options, [until] { return std::chrono::steady_clock::now() >= until; });
}

bool write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) return false;
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    }
    return true;
}

}  // namespace

SightAnswer answer_to(std::string_view message) {
    const auto from = cpu_us();
    SightAnswer answer;
    const auto request = codec::decode_request(message);
    if (!request) {
        answer.refusal = SightRefusal::bad_request;
        return answer;
    }
    answer.id = request->id;
    if (request->width != 0) {
        look(*request,
             {reinterpret_cast<const std::uint8_t*>(request->pixels.data()), static_cast<int>(request->width),
              static_cast<int>(request->height), request->width},
             answer);
    } else if (const auto picture = load_picture(request->pixels)) {
        look(*request, picture->view(), answer);
    } else {
        answer.refusal = picture.error();
    }
    answer.cpu_us = static_cast<std::uint32_t>(std::min<std::uint64_t>(cpu_us() - from, UINT32_MAX));
    return answer;
}

int serve(int in, int out, void (*before_each)()) {
    if (!write_whole(out, codec::encode(codec::SightHello{codec::sight_version}))) return 1;
    codec::SightFramer framer(codec::longest_request);
    std::array<char, 1U << 16U> buffer{};
    bool halfway = false;
    for (;;) {
        const auto n = ::read(in, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0 && !halfway ? 0 : 1;
        framer.feed({buffer.data(), static_cast<std::size_t>(n)});
        halfway = true;
        for (;;) {
            const auto message = framer.next();
            if (!message) return 1;
            if (!*message) break;
            before_each();
            if (!write_whole(out, codec::encode(answer_to(**message)))) return 1;
            halfway = framer.halfway();
        }
    }
}

}  // namespace hefang::vision
