#pragma once
#include "base/result.hpp"
#include "http/digest_access.hpp"
#include "http/message.hpp"
#include "link/address.hpp"
#include "link/link.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hefang::http {

/// One GET whose answer does not end: the body as it comes. For one thread.
class GetStream {
  public:
    static constexpr std::chrono::milliseconds answer_limit{5'000};

    /// Connects, asks for `target`, and once more with digest access where the server wants it and `who` is there.
    /// Fails with refused (401 and no credentials that it takes, no digest offered, another status than 200) or as
    /// Endpoint::open() and Link do.
    [[nodiscard]] static Result<GetStream> open(const link::HttpAddress& address, const std::string& target,
                                                const std::optional<Credentials>& who, const link::Stop& stop);

    [[nodiscard]] std::string content_type() const { return reader_.field("Content-Type"); }
    /// What came of the body, at least one byte. Fails as Link::read_some(), and with closed at the body's end.
    [[nodiscard]] Result<std::string> read(std::chrono::milliseconds limit, const link::Stop& stop);

  private:
    explicit GetStream(std::unique_ptr<link::Link> link) : link_(std::move(link)) {}
    [[nodiscard]] Result<void> ask(const link::HttpAddress& address, const std::string& target,
                                   const std::string& field, const link::Stop& stop);
    [[nodiscard]] Result<void> take(std::chrono::milliseconds limit, const link::Stop& stop);

    std::unique_ptr<link::Link> link_;
    AnswerReader reader_;
};

}  // namespace hefang::http
