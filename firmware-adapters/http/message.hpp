#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// HTTP/1.1 as bytes: requests that a device pushes, answers that one gives. Bytes in, values out; no socket here.
namespace hefang::http {

constexpr std::size_t header_bytes = std::size_t{16} << 10;  ///< of a request or an answer

enum class Fault {
    none,
    header_too_long,
    body_too_long,
    malformed,
};

/// Reads requests one after the other. Holds one request of at most header_bytes and `body_bytes`, and a piece.
class RequestReader {
  public:
    explicit RequestReader(std::size_t body_bytes);
    ~RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;

    /// Takes what came; Fault::none also while more is needed. After a fault the conversation is over.
    [[nodiscard]] Fault feed(std::string_view bytes);
    /// Part of a request has come.
    [[nodiscard]] bool begun() const;
    [[nodiscard]] bool complete() const;
    /// The client waits for "100 Continue" before it sends the body; true once a request.
    [[nodiscard]] bool asks_to_continue();

    // Of the complete request.
    [[nodiscard]] std::string method() const;
    [[nodiscard]] std::string target() const;
    [[nodiscard]] std::string field(std::string_view name) const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] std::string take_body();
    /// Forgets it and goes on with what came behind it; as feed().
    [[nodiscard]] Fault next();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads one answer whose body may never end.
class AnswerReader {
  public:
    AnswerReader();
    ~AnswerReader();
    AnswerReader(AnswerReader&&) noexcept;
    AnswerReader& operator=(AnswerReader&&) noexcept;

    [[nodiscard]] Fault feed(std::string_view bytes);
    /// The peer hung up: the end of a body without length.
    void end();
    [[nodiscard]] bool header_complete() const;
    [[nodiscard]] bool complete() const;
    // Once the header is complete.
    [[nodiscard]] int status() const;
    [[nodiscard]] std::string field(std::string_view name) const;
    /// What came of the body since the last call.
    [[nodiscard]] std::string take_body();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hefang::http
