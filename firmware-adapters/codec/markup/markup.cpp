#include "markup/markup.hpp"

#include "markup/bounded_parser.hpp"

#include <algorithm>
#include <exception>
#include <memory>

#include <expat.h>

namespace hefang::codec {
namespace {

constexpr char separator = '\n';  ///< between namespace and local name; never part of either

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string_view local(const char* name) {
    const std::string_view whole(name);
    const auto at = whole.rfind(separator);
    return at == std::string_view::npos ? whole : whole.substr(at + 1);
}

class Reader {
  public:
    Reader() : parser_(make_bounded_parser(separator)) {
        if (!parser_) return;
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* user, const char* name, const char** attributes) {
                run(user, [&](Reader& r) { r.begin(name, attributes); });
            },
            [](void* user, const char*) { run(user, [](Reader& r) { r.end(); }); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* user, const char* text, int size) {
            run(user, [&](Reader& r) { r.text({text, static_cast<std::size_t>(size)}); });
        });
        XML_SetStartDoctypeDeclHandler(parser_.get(), [](void* user, const char*, const char*, const char*, int) {
            run(user, [](Reader& r) { r.refuse(MarkupRefusal::doctype); });
        });
    }

    tl::expected<std::vector<MarkupEntry>, MarkupRefusal> read(std::string_view xml) {
        if (!parser_) return tl::unexpected(MarkupRefusal::no_memory);
        const auto done = XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
        if (refused_) return tl::unexpected(*refused_);
        if (done != XML_STATUS_OK) {
            const bool full = XML_GetErrorCode(parser_.get()) == XML_ERROR_NO_MEMORY;
            return tl::unexpected(full ? MarkupRefusal::no_memory : MarkupRefusal::malformed);
        }
        std::vector<MarkupEntry> out;
        for (auto& entry : entries_)
            if (!entry.holds || !entry.said.text.empty()) out.push_back(std::move(entry.said));
        return out;
    }

  private:
    struct Entry {
        MarkupEntry said;
        bool holds = false;  // an element within it
    };
    struct Free {
        void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
    };

    /// No exception may run through the parser's frames.
    template <class Step>
    static void run(void* user, Step step) {
        auto& reader = *static_cast<Reader*>(user);
        if (reader.refused_) return;
        try {
            step(reader);
        } catch (const std::exception&) {
            reader.refuse(MarkupRefusal::no_memory);
        }
    }

    void refuse(MarkupRefusal reason) {
        refused_ = reason;
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    void begin(const char* name, const char** attributes) {
        if (open_.size() >= markup_limits::depth) return refuse(MarkupRefusal::too_deep);
        std::string path;
        if (!open_.empty()) {
            entries_[open_.back()].holds = true;
            path = entries_[open_.back()].said.path + "/";
        }
        path += local(name);
        open_.push_back(entries_.size());
        put(path, {});
        for (; !refused_ && *attributes != nullptr; attributes += 2)
            put(path + "/@" + std::string(local(attributes[0])), trimmed(attributes[1]));
    }

    void put(std::string path, std::string_view text) {
        if (path.size() > markup_limits::path_bytes) return refuse(MarkupRefusal::too_deep);
        if (entries_.size() >= markup_limits::entries) return refuse(MarkupRefusal::too_many);
        entries_.push_back({{std::move(path), std::string(text)}, false});
    }

    void text(std::string_view piece) { entries_[open_.back()].said.text += piece; }

    void end() {
        auto& text = entries_[open_.back()].said.text;
        text = std::string(trimmed(text));
        open_.pop_back();
    }

    std::unique_ptr<XML_ParserStruct, Free> parser_;
    std::vector<Entry> entries_;
    std::vector<std::size_t> open_;  // positions in entries_, the root first
    std::optional<MarkupRefusal> refused_;
};

}  // namespace

std::string_view name(MarkupRefusal reason) {
    switch (reason) {
        case MarkupRefusal::too_long: return "markup-too-long";
        case MarkupRefusal::not_utf8: return "markup-not-utf8";
        case MarkupRefusal::doctype: return "markup-doctype";
        case MarkupRefusal::too_deep: return "markup-too-deep";
        case MarkupRefusal::too_many: return "markup-too-many";
        case MarkupRefusal::no_memory: return "markup-no-memory";
        case MarkupRefusal::malformed: break;
    }
    return "markup-malformed";
}

tl::expected<std::vector<MarkupEntry>, MarkupRefusal> read_markup(std::string_view xml) {
    if (xml.size() > markup_limits::document_bytes) return tl::unexpected(MarkupRefusal::too_long);
    constexpr std::string_view no_utf8("\0\xFE\xFF", 3);
    if (xml.substr(0, 4).find_first_of(no_utf8) != std::string_view::npos)
        return tl::unexpected(MarkupRefusal::not_utf8);
    return Reader().read(xml);
}

std::optional<std::string_view> text_at(const std::vector<MarkupEntry>& entries, std::string_view path) {
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&](const MarkupEntry& entry) { return entry.path == path; });
    if (at == entries.end()) return std::nullopt;
    return at->text;
}

}  // namespace hefang::codec
