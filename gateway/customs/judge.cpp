#include "customs/judge.hpp"

#include "customs/limits.hpp"
#include "customs/message_reader.hpp"

namespace hefang::customs {
namespace {

Result<Judged> read_through(const Original& original, MessageReader::Wants wants) {
    if (original.size() > limits::file_bytes) {
        return fail(Errc::refused, "line 1: the file is longer than " + std::to_string(limits::file_bytes >> 20) +
                                       " MiB; its SHA-256 is that of its first " +
                                       std::to_string(limits::file_bytes >> 20) + " MiB");
    }
    MessageReader reader(wants);
    auto whole = original.each_piece([&](std::string_view piece) { return reader.push(piece); });
    if (!whole) return tl::unexpected(whole.error());
    return reader.finish();
}

}  // namespace

Result<Judged> judge(std::string_view bytes) {
    MessageReader reader(MessageReader::Wants::nodes);
    reader.push(bytes);
    return reader.finish();
}

Result<Judged> judge(const Original& original) { return read_through(original, MessageReader::Wants::nodes); }

Result<Judged> judge_file(const std::string& path) {
    return Original::open(path).and_then([](Original&& original) { return judge(original); });
}

Result<std::vector<Span>> unknown_or_personal(const Original& original) {
    auto read = read_through(original, MessageReader::Wants::unknown_or_personal);
    if (!read) return tl::unexpected(read.error());
    return std::move(read->personal);
}

}  // namespace hefang::customs
