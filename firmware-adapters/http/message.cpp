// The only translation unit of the room that includes Beast: its parsers are fed by hand, its sockets are not used.
#include "http/message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace hefang::http {
namespace {

namespace beast = boost::beast::http;

Fault fault_of(boost::system::error_code error) {
    if (!error || error == beast::error::need_more) return Fault::none;
    if (error == beast::error::header_limit) return Fault::header_too_long;
    if (error == beast::error::body_limit) return Fault::body_too_long;
    return Fault::malformed;
}

/// Feeds `held` to `parser`, which takes what it can use.
template <class Parser>
Fault put(Parser& parser, std::string& held) {
    while (!held.empty() && !parser.is_done()) {
        boost::system::error_code error;
        const auto used = parser.put(boost::asio::buffer(held), error);
        held.erase(0, used);
        if (const auto fault = fault_of(error); fault != Fault::none) return fault;
        if (used == 0) break;
    }
    return !parser.is_header_done() && held.size() > header_bytes ? Fault::header_too_long : Fault::none;
}

template <class Fields>
std::string field_of(const Fields& fields, std::string_view name) {
    const auto value = fields[boost::beast::string_view(name.data(), name.size())];
    return {value.data(), value.size()};
}

}  // namespace

struct RequestReader::State {
    explicit State(std::size_t bytes) : body_bytes(bytes) { begin(); }
    void begin() {
        parser.emplace();
        parser->header_limit(static_cast<std::uint32_t>(header_bytes));
        parser->body_limit(body_bytes);
        parser->eager(true);
        continued = false;
    }
    std::size_t body_bytes;
    std::optional<beast::request_parser<beast::string_body>> parser;
    std::string held;
    bool continued = false;
};

RequestReader::RequestReader(std::size_t body_bytes) : state_(std::make_unique<State>(body_bytes)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

Fault RequestReader::feed(std::string_view bytes) {
    state_->held += bytes;
    return put(*state_->parser, state_->held);
}

bool RequestReader::begun() const { return state_->parser->got_some() || !state_->held.empty(); }
bool RequestReader::complete() const { return state_->parser->is_done(); }

bool RequestReader::asks_to_continue() {
    if (state_->continued || !state_->parser->is_header_done() || complete()) return false;
    state_->continued = true;
    return boost::beast::iequals(state_->parser->get()[beast::field::expect], "100-continue");
}

std::string RequestReader::method() const {
    const auto text = state_->parser->get().method_string();
    return {text.data(), text.size()};
}
std::string RequestReader::target() const {
    const auto text = state_->parser->get().target();
    return {text.data(), text.size()};
}
std::string RequestReader::field(std::string_view name) const { return field_of(state_->parser->get(), name); }
bool RequestReader::keep_alive() const { return state_->parser->get().keep_alive(); }
std::string RequestReader::take_body() { return std::move(state_->parser->get().body()); }

Fault RequestReader::next() {
    state_->begin();
    return put(*state_->parser, state_->held);
}

struct AnswerReader::State {
    State() {
        parser.header_limit(static_cast<std::uint32_t>(header_bytes));
        parser.body_limit(boost::none);
        parser.eager(true);
    }
    beast::response_parser<beast::string_body> parser;
    std::string held;
};

AnswerReader::AnswerReader() : state_(std::make_unique<State>()) {}
AnswerReader::~AnswerReader() = default;
AnswerReader::AnswerReader(AnswerReader&&) noexcept = default;
AnswerReader& AnswerReader::operator=(AnswerReader&&) noexcept = default;

Fault AnswerReader::feed(std::string_view bytes) {
    state_->held += bytes;
    return put(state_->parser, state_->held);
}

void AnswerReader::end() {
    boost::system::error_code ignored;
    if (state_->parser.is_header_done() && !complete()) state_->parser.put_eof(ignored);
}

bool AnswerReader::header_complete() const { return state_->parser.is_header_done(); }
bool AnswerReader::complete() const { return state_->parser.is_done(); }
int AnswerReader::status() const { return static_cast<int>(state_->parser.get().result_int()); }
std::string AnswerReader::field(std::string_view name) const { return field_of(state_->parser.get(), name); }

std::string AnswerReader::take_body() {
    std::string out;
    out.swap(state_->parser.get().body());
    return out;
}

}  // namespace hefang::http
