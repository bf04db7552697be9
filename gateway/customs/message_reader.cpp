#include "customs/message_reader.hpp"

#include "base/text.hpp"
#include "customs/limits.hpp"
#include "markup/bounded_parser.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <utility>

#include <expat.h>

namespace hefang::customs {
namespace {

constexpr char separator = '\n';  ///< between namespace and local name; never part of either
constexpr std::string_view signature_namespace = "http://www.w3.org/2000/09/xmldsig#";

/// Elements beside the business nodes that every message may carry (202205: BaseTransfer … ds:Signature).
bool stands_beside_nodes(Element element) {
    return element == Element::base_transfer || element == Element::base_subscribe ||
           element == Element::extend_message;
}

bool same_ignoring_case(std::string_view a, std::string_view upper) {
    if (a.size() != upper.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const char c = a[i] >= 'a' && a[i] <= 'z' ? static_cast<char>(a[i] - 'a' + 'A') : a[i];
        if (c != upper[i]) return false;
    }
    return true;
}

bool is_field_of_inventory_head(Element e) { return e >= Element::app_type && e <= Element::gross_weight; }

bool is_field_of_reply(Element e) {
    return e == Element::agent_code || e == Element::cop_no || e == Element::pre_no || e == Element::invt_no ||
           (e >= Element::return_status && e <= Element::return_info);
}

}  // namespace

/// The C side: no exception may run through the parser's frames.
struct Callbacks {
    template <class Step>
    static void run(void* user, Step step) {
        auto& reader = *static_cast<MessageReader*>(user);
        if (reader.refused_) return;
        try {
            step(reader);
        } catch (const std::exception& fault) {
            reader.refuse(fault.what());
        }
    }
    static void start(void* user, const char* name, const char** attributes) {
        run(user, [&](MessageReader& r) { r.on_start(name, attributes); });
    }
    static void end(void* user, const char*) {
        run(user, [](MessageReader& r) { r.on_end(); });
    }
    static void text(void* user, const char* text, int size) {
        run(user, [&](MessageReader& r) { r.on_text({text, static_cast<std::size_t>(size)}); });
    }
    static void comment(void* user, const char*) {
        run(user, [](MessageReader& r) { r.on_comment(); });
    }
    static void instruction(void* user, const char*, const char*) {
        run(user, [](MessageReader& r) { r.on_instruction(); });
    }
    static void name_space(void* user, const char*, const char*) {
        run(user, [](MessageReader& r) { r.on_namespace(); });
    }
    static void declaration(void* user, const char*, const char* encoding, int) {
        run(user, [&](MessageReader& r) { r.on_declaration(encoding); });
    }
    static void doctype(void* user, const char*, const char*, const char*, int) {
        run(user, [](MessageReader& r) { r.refuse("a document type declaration is not accepted"); });
    }
};

void MessageReader::Free::operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }

MessageReader::MessageReader(Wants wants) : parser_(codec::make_bounded_parser(separator)), wants_(wants) {
    if (!parser_) std::abort();  // out of memory
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), Callbacks::start, Callbacks::end);
    XML_SetCommentHandler(parser_.get(), Callbacks::comment);
    XML_SetProcessingInstructionHandler(parser_.get(), Callbacks::instruction);
    XML_SetStartNamespaceDeclHandler(parser_.get(), Callbacks::name_space);
    if (wants_ == Wants::unknown_or_personal) XML_SetCharacterDataHandler(parser_.get(), Callbacks::text);
    XML_SetXmlDeclHandler(parser_.get(), Callbacks::declaration);
    XML_SetStartDoctypeDeclHandler(parser_.get(), Callbacks::doctype);
}

MessageReader::~MessageReader() = default;

std::int64_t MessageReader::line() const { return static_cast<std::int64_t>(XML_GetCurrentLineNumber(parser_.get())); }
std::int64_t MessageReader::tag_begin() const { return XML_GetCurrentByteIndex(parser_.get()); }
std::int64_t MessageReader::tag_end() const { return tag_begin() + XML_GetCurrentByteCount(parser_.get()); }

void MessageReader::refuse(std::string why) {
    if (refused_) return;
    refused_ = Error{Errc::refused, "line " + std::to_string(line()) + ": " + why};
    XML_StopParser(parser_.get(), XML_FALSE);
}

bool MessageReader::push(std::string_view bytes) {
    while (!refused_ && !bytes.empty()) {
        const auto piece = bytes.substr(0, limits::read_bytes);
        bytes.remove_prefix(piece.size());
        if (judged_.bytes == 0 &&
            piece.substr(0, 4).find_first_of(std::string_view("\0\xFE\xFF", 3)) != std::string_view::npos) {
            refuse("the file is UTF-16 or UTF-32 or binary; only UTF-8 is read");
            break;
        }
        judged_.bytes += static_cast<std::int64_t>(piece.size());
        if (judged_.bytes > limits::file_bytes) {
            refuse("the file is longer than " + std::to_string(limits::file_bytes >> 20) + " MiB");
            break;
        }
        sha256_.update(piece);
        parse(piece, false);
        // The parser may put off looking at a piece and then has no position (-1).
        reached_ = std::max(reached_, tag_begin());
        if (judged_.bytes - reached_ > limits::token_bytes) refuse("one tag or comment is too long");
    }
    return !refused_;
}

void MessageReader::parse(std::string_view piece, bool last) {
    if (XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), last) == XML_STATUS_ERROR)
        fail_as_expat();
}

void MessageReader::fail_as_expat() {
    if (refused_) return;
    if (XML_GetErrorCode(parser_.get()) == XML_ERROR_NO_MEMORY) {
        return refuse("reading it takes more than " + std::to_string(codec::parser_bytes >> 20) +
                      " MiB of memory: too many different names");
    }
    refuse(std::string("not well-formed UTF-8 XML: ") + XML_ErrorString(XML_GetErrorCode(parser_.get())));
}

Result<Judged> MessageReader::finish() {
    if (!refused_) parse({}, true);
    if (!refused_ && wants_ == Wants::nodes && nodes_ == 0)
        refuse("the message holds no " +
               std::string(name_of(kind_ == Kind::inventory ? Element::inventory : Element::inventory_return)));
    if (refused_) return tl::unexpected(*refused_);
    judged_.closing.end = judged_.bytes;
    judged_.sha256 = hex(sha256_.finish());
    return std::move(judged_);
}

void MessageReader::on_declaration(const char* encoding) {
    if (encoding != nullptr && !same_ignoring_case(encoding, "UTF-8")) {
        refuse("encoding " + printable(encoding, 40) + " is not read; only UTF-8 is");
    }
}

void MessageReader::on_comment() {
    // What someone commented out may be a buyer's name as well.
    constexpr std::int64_t open = 4, close = 3;  // "<!--" and "-->"
    if (personal_depth_ == 0) keep_personal({tag_begin() + open, tag_end() - close});
}

void MessageReader::on_instruction() {
    if (personal_depth_ == 0) keep_personal({tag_begin(), tag_end()});
}

void MessageReader::on_namespace() { declares_namespace_ = true; }

void MessageReader::keep_personal(Span span) {
    if (span.end <= span.begin) return;
    if (!judged_.personal.empty() && judged_.personal.back().end == span.begin) {
        judged_.personal.back().end = span.end;
        return;
    }
    if (judged_.personal.size() == limits::personal_spans) return refuse("too many personal elements and comments");
    judged_.personal.push_back(span);
}

void MessageReader::on_start(const char* name, const char** attributes) {
    if (++depth_ > limits::depth) return refuse("elements stand more than " + std::to_string(limits::depth) + " deep");
    if (++elements_ > limits::elements) return refuse("more than " + std::to_string(limits::elements) + " elements");
    int count = 0;
    for (; attributes[2 * count] != nullptr; ++count) {
    }
    if (count > limits::attributes)
        return refuse("an element has more than " + std::to_string(limits::attributes) + " attributes");

    const std::string_view full = name;
    const auto cut = full.rfind(separator);
    const auto space = cut == std::string_view::npos ? std::string_view{} : full.substr(0, cut);
    const auto local = cut == std::string_view::npos ? full : full.substr(cut + 1);
    const auto element = element_of(local);
    const bool dressed = std::exchange(declares_namespace_, false) || count > 0;
    const auto index = static_cast<std::size_t>(depth_);
    shown_[index] = is_field(element);
    // Attributes may say as much as a text, and nobody here knows any; those of the root must stay.
    const bool unknown = wants_ == Wants::unknown_or_personal && dressed && depth_ > 1;
    if ((is_personal(element) || unknown) && personal_depth_ == 0) {
        personal_depth_ = depth_;
        personal_whole_ = dressed;
        personal_begin_ = personal_whole_ ? tag_begin() : tag_end();
    }
    if (depth_ == 1) return open_root(space, local);
    if (wants_ != Wants::nodes) return;
    if (depth_ == 2) {
        if (space == signature_namespace && element == Element::signature) return;
        return open_node(space, element, local);
    }
    if (in_node_) open_inside(space == ceb_namespace, element);
}

void MessageReader::open_root(std::string_view space, std::string_view local) {
    judged_.opening.end = tag_end();
    if (wants_ != Wants::nodes) return;
    constexpr std::string_view tail = "Message";
    if (space != ceb_namespace) {
        return refuse("the root " + printable(local, 60) + " is not in the namespace " + std::string(ceb_namespace));
    }
    if (!local.ends_with(tail) || local == tail)
        return refuse("the root " + printable(local, 60) + " is no customs message");
    local.remove_suffix(tail.size());
    if (local == "CEB621") kind_ = Kind::inventory;
    if (local == "CEB622") kind_ = Kind::inventory_return;
    if (kind_ == Kind::none) return refuse("kind " + printable(local, 60) + " is not read by this version");
    judged_.kind = local;
}

void MessageReader::open_node(std::string_view space, Element element, std::string_view local) {
    // A business node without its prefix is a fault, not a stranger: it may be a hold.
    const bool bare = space.empty() && (element == Element::inventory || element == Element::inventory_return);
    if (!bare && (space != ceb_namespace || stands_beside_nodes(element))) return;
    if (++nodes_ > limits::nodes) return refuse("more than " + std::to_string(limits::nodes) + " nodes");
    in_node_ = true;
    part_ = Part::none;
    node_begin_ = tag_begin();
    node_.open(line());
    const auto wanted = kind_ == Kind::inventory ? Element::inventory : Element::inventory_return;
    if (element != wanted) node_.complain(line(), printable(local, 60), "does not belong into " + judged_.kind);
    if (bare) node_.complain(line(), name_of(element), "is not in the namespace " + std::string(ceb_namespace));
}

void MessageReader::open_inside(bool ceb, Element element) {
    if (field_ != Element::other) {
        node_.complain(line(), name_of(field_), "holds another element");
        XML_SetCharacterDataHandler(parser_.get(), nullptr);
        field_ = Element::other;
        return;
    }
    if (!ceb) return;
    if (kind_ == Kind::inventory_return) {
        if (depth_ == 3 && is_field_of_reply(element)) begin_field(element);
        return;
    }
    if (depth_ == 3) {
        part_ = element == Element::inventory_head ? Part::head : Part::none;
        if (element == Element::inventory_list) {
            part_ = Part::goods_line;
            node_.start_goods_line(line());
        }
    } else if (depth_ == 4) {
        const bool wanted = part_ == Part::head ? is_field_of_inventory_head(element)
                                                : part_ == Part::goods_line && element == Element::gname;
        if (wanted) begin_field(element);
    }
}

void MessageReader::begin_field(Element element) {
    field_ = element;
    node_.start_field(element, line());
    XML_SetCharacterDataHandler(parser_.get(), Callbacks::text);
}

void MessageReader::on_text(std::string_view text) {
    if (wants_ == Wants::unknown_or_personal) {
        const bool blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
        if (!blank && personal_depth_ == 0 && !shown_[static_cast<std::size_t>(depth_)])
            keep_personal({tag_begin(), tag_end()});
        return;
    }
    if (field_ != Element::other) node_.add_text(field_, text);
}

void MessageReader::end_field() {
    node_.end_field(field_);
    field_ = Element::other;
    XML_SetCharacterDataHandler(parser_.get(), nullptr);
}

void MessageReader::on_end() {
    if (personal_depth_ == depth_) {
        keep_personal({personal_begin_, personal_whole_ ? tag_end() : tag_begin()});
        personal_depth_ = 0;
    }
    if (depth_ == 1) judged_.closing.begin = tag_begin();
    if (field_ != Element::other) end_field();
    if (depth_ == 3 && kind_ == Kind::inventory) part_ = Part::none;
    if (depth_ == 2 && in_node_) close_node();
    --depth_;
}

void MessageReader::close_node() {
    in_node_ = false;
    const auto refused = [&](const Complaint& c) {
        judged_.refusals.push_back({c.line, c.element, c.why, {node_begin_, tag_end()}});
    };
    if (kind_ == Kind::inventory) {
        auto made = node_.declaration();
        made ? judged_.declarations.push_back(*std::move(made)) : refused(made.error());
    } else {
        auto made = node_.reply();
        made ? judged_.receipts.push_back(*std::move(made)) : refused(made.error());
    }
}

}  // namespace hefang::customs
