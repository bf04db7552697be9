#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// multipart/form-data of a push and multipart/x-mixed-replace of an endless answer (RFC 2046), as cameras send them.
/// Pure: bytes in, parts out.
namespace hefang::codec {

/// `type`: the part's Content-Type in lower case without parameters, empty where it says none.
struct Part {
    std::string type;
    std::string body;
    friend bool operator==(const Part&, const Part&) = default;
};

/// Why a part is not used.
enum class MultipartRefusal {
    header_too_long,  ///< more than header_bytes before its empty line
    part_too_long,    ///< its Content-Length says so, or no boundary came
    wrong_length,     ///< no boundary behind the bytes that its Content-Length counted; the part was handed on
};
[[nodiscard]] std::string_view name(MultipartRefusal reason);

/// The boundary that a Content-Type names, without the dashes before it: some cameras write them here as well. None:
/// no multipart, or a boundary that is none (RFC 2046: 1 to 70 characters).
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

/// Stream → parts. A part with a Content-Length is complete with its last byte, one without at the next boundary. What
/// stands before the first boundary is no part. Holds at most `part_bytes` and one header, whatever comes in.
class MultipartParser {
  public:
    static constexpr std::size_t header_bytes = 4'096;
    static constexpr std::size_t most_part_bytes = std::size_t{4} << 20;
    struct Out {
        std::vector<Part> parts;
        std::vector<MultipartRefusal> refused;
    };
    /// `boundary` as from boundary_of().
    explicit MultipartParser(std::string boundary, std::size_t part_bytes = most_part_bytes)
        : boundary_(std::move(boundary)), part_bytes_(part_bytes) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// The boundary that ends the whole was seen; what comes later is nothing.
    [[nodiscard]] bool ended() const { return state_ == State::ended; }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

  private:
    enum class State { between, header, counted, scanned, after_counted, ended };
    struct Boundary {
        std::size_t at = 0, after = 0;
        bool whole = false;  // else it may become one
    };

    [[nodiscard]] std::optional<Boundary> find(std::size_t from) const;
    [[nodiscard]] bool step(Out& out);
    [[nodiscard]] bool read_between();
    [[nodiscard]] bool read_header(Out& out);
    [[nodiscard]] bool read_counted(Out& out);
    [[nodiscard]] bool read_scanned(Out& out);
    [[nodiscard]] bool read_after_counted(Out& out);
    void take_header(std::string_view header, Out& out);
    void begin_part(const Boundary& boundary);

    std::string boundary_;
    std::size_t part_bytes_;
    State state_ = State::between;
    std::string held_ = "\r\n";  // a boundary at the very begin has no line end before it
    std::size_t scan_from_ = 0;  // no boundary begins before
    std::size_t length_ = 0;     // of the counted part
    Part part_;
};

/// One part as it goes out: delimiter line, headers, body, line end.
[[nodiscard]] std::string encode_part(std::string_view boundary, std::string_view headers, std::string_view type,
                                      std::string_view body);

}  // namespace hefang::codec
