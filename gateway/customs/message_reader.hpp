#pragma once
#include "base/result.hpp"
#include "customs/judged.hpp"
#include "customs/limits.hpp"
#include "customs/node.hpp"
#include "digest/sha256.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct XML_ParserStruct;

namespace hefang::customs {

/// One pass over one file, fed in pieces of any size. Not movable: the parser holds its address. One thread makes,
/// feeds and destroys it; the parser's memory is bounded by codec::parser_bytes for all readers of a thread together.
class MessageReader {
  public:
    enum class Wants : std::uint8_t {
        nodes,               ///< judge: only kinds that are read
        unknown_or_personal  ///< only where text stands that may not be kept, of any well-formed document
    };

    explicit MessageReader(Wants wants);
    ~MessageReader();
    MessageReader(const MessageReader&) = delete;
    MessageReader& operator=(const MessageReader&) = delete;

    /// False once the file is refused; nothing more need be fed then.
    bool push(std::string_view bytes);
    /// Call once, after the last piece.
    [[nodiscard]] Result<Judged> finish();

  private:
    friend struct Callbacks;
    enum class Kind : std::uint8_t { none, inventory, inventory_return };
    enum class Part : std::uint8_t { none, head, goods_line };

    void on_start(const char* name, const char** attributes);
    void on_end();
    void on_text(std::string_view text);
    void on_comment();
    void on_instruction();
    void on_namespace();
    void on_declaration(const char* encoding);
    void open_root(std::string_view space, std::string_view local);
    void open_node(std::string_view space, Element element, std::string_view local);
    void open_inside(bool ceb, Element element);
    void begin_field(Element element);
    void end_field();
    void close_node();
    void keep_personal(Span span);
    void refuse(std::string why);
    void fail_as_expat();
    void parse(std::string_view piece, bool last);

    [[nodiscard]] std::int64_t line() const;
    [[nodiscard]] std::int64_t tag_begin() const;
    [[nodiscard]] std::int64_t tag_end() const;

    struct Free {
        void operator()(XML_ParserStruct* parser) const;
    };
    std::unique_ptr<XML_ParserStruct, Free> parser_;
    Wants wants_;
    Sha256 sha256_;
    Judged judged_;
    Node node_;
    std::optional<Error> refused_;
    Kind kind_ = Kind::none;
    Part part_ = Part::none;
    Element field_ = Element::other;  ///< whose text is being kept
    int depth_ = 0;
    int personal_depth_ = 0;       ///< of the outermost personal element that is open; 0: none
    bool personal_whole_ = false;  ///< it has attributes, so that it goes altogether
    bool in_node_ = false;
    bool declares_namespace_ = false;              ///< the start tag that comes next
    std::array<bool, limits::depth + 1> shown_{};  ///< of each open element: its text may be kept
    std::int64_t personal_begin_ = 0;
    std::int64_t node_begin_ = 0;
    std::int64_t reached_ = 0;  ///< start of the last token that the parser has seen whole, or begun
    std::int64_t nodes_ = 0;
    std::int64_t elements_ = 0;
};

}  // namespace hefang::customs
