#include "sidecar/collector.hpp"

#include <memory>
#include <vector>

#include <expat.h>

namespace hefang::codec {
namespace {

constexpr char between = '\n';  // namespace and local name; no name has it

std::string_view local(const char* name) {
    const std::string_view whole(name);
    const auto cut = whole.rfind(between);
    return cut == std::string_view::npos ? whole : whole.substr(cut + 1);
}

struct Free {
    void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

/// One walk of expat through a file. Memory is bounded by the file: without a document type nothing is expanded.
class Walk {
  public:
    explicit Walk(const SidecarFields& fields) : collector_(fields), parser_(XML_ParserCreateNS(nullptr, between)) {
        if (!parser_) return;
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), begin, end);
        XML_SetCharacterDataHandler(parser_.get(), characters);
        XML_SetStartDoctypeDeclHandler(parser_.get(), doctype);
    }

    tl::expected<Sidecar, SidecarRefusal> read(std::string_view file) {
        if (!parser_) return tl::unexpected(SidecarRefusal::not_formed);
        const auto status = XML_Parse(parser_.get(), file.data(), static_cast<int>(file.size()), XML_TRUE);
        if (collector_.refusal()) return tl::unexpected(*collector_.refusal());
        if (status != XML_STATUS_OK) {
            const auto error = XML_GetErrorCode(parser_.get());
            const bool unknown = error == XML_ERROR_UNKNOWN_ENCODING || error == XML_ERROR_INCORRECT_ENCODING;
            return tl::unexpected(unknown ? SidecarRefusal::encoding : SidecarRefusal::not_formed);
        }
        return std::move(collector_).found();
    }

  private:
    void go_on(bool going) {
        if (!going) XML_StopParser(parser_.get(), XML_FALSE);
    }
    static void begin(void* user, const char* name, const char** attributes) {
        auto& self = *static_cast<Walk*>(user);
        bool going = self.collector_.enter(local(name));
        self.texts_.emplace_back();
        for (; going && *attributes != nullptr; attributes += 2)
            going = self.collector_.attribute(local(attributes[0]), attributes[1]);
        self.go_on(going);
    }
    static void end(void* user, const char*) {
        auto& self = *static_cast<Walk*>(user);
        self.go_on(self.collector_.text(self.texts_.back()));
        self.texts_.pop_back();
        self.collector_.leave();
    }
    static void characters(void* user, const char* text, int length) {
        auto& self = *static_cast<Walk*>(user);
        if (self.collector_.wanted()) self.texts_.back().append(text, static_cast<std::size_t>(length));
    }
    static void doctype(void* user, const char*, const char*, const char*, int) {
        auto& self = *static_cast<Walk*>(user);
        self.go_on(self.collector_.refuse(SidecarRefusal::doctype));
    }

    Collector collector_;
    std::vector<std::string> texts_;  // of the open elements
    std::unique_ptr<XML_ParserStruct, Free> parser_;
};

}  // namespace

tl::expected<Sidecar, SidecarRefusal> read_xml(std::string_view file, const SidecarFields& fields) {
    return Walk(fields).read(file);
}

}  // namespace hefang::codec
