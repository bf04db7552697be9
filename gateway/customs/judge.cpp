#include "customs/judge.hpp"

#include "customs/limits.hpp"
#include "customs/message_reader.hpp"
#include "customs/original.hpp"

#include <memory>

namespace hefang::customs {
namespace {

Result<Judged> read_through(const std::string& path, MessageReader::Wants wants) {
    auto original = Original::open(path);
    if (!original) return tl::unexpected(original.error());
    if (original->size() > limits::file_bytes) {
        return fail(Errc::refused,
                    "line 1: the file is longer than " + std::to_string(limits::file_bytes >> 20) + " MiB");
    }
    MessageReader reader(wants);
    auto whole = original->each_piece([&](std::string_view piece) { return reader.push(piece); });
    if (!whole) return tl::unexpected(whole.error());
    return reader.finish();
}

}  // namespace

Result<Judged> judge(std::string_view bytes) {
    MessageReader reader(MessageReader::Wants::nodes);
    reader.push(bytes);
    return reader.finish();
}

Result<Judged> judge_file(const std::string& path) { return read_through(path, MessageReader::Wants::nodes); }

Result<std::vector<Span>> personal_of_file(const std::string& path) {
    return read_through(path, MessageReader::Wants::personal).map([](Judged&& read) {
        return std::move(read.personal);
    });
}

}  // namespace hefang::customs
