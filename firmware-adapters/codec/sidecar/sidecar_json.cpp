#include "sidecar/collector.hpp"

#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

namespace hefang::codec {
namespace {

using Json = nlohmann::json;

/// One walk of the parser through a file. A member's name is a level of its own, an array's elements are none.
class Walk {
  public:
    explicit Walk(const SidecarFields& fields) : collector_(fields) {}
    [[nodiscard]] Collector& collector() { return collector_; }

    bool null() { return value(""); }
    bool boolean(bool b) { return value(b ? "true" : "false"); }
    bool number_integer(Json::number_integer_t n) { return value(std::to_string(n)); }
    bool number_unsigned(Json::number_unsigned_t n) { return value(std::to_string(n)); }
    bool number_float(Json::number_float_t, const Json::string_t& as_written) { return value(as_written); }
    bool string(Json::string_t& text) { return value(text); }
    bool binary(Json::binary_t&) { return collector_.refuse(SidecarRefusal::not_formed); }

    bool start_object(std::size_t) { return open(false); }
    bool start_array(std::size_t) { return open(true); }
    bool key(Json::string_t& name) { return collector_.enter(name); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
        return collector_.refuse(SidecarRefusal::not_formed);
    }

  private:
    /// A whole value was read; the member whose value it was ends with it.
    bool ended() {
        if (!arrays_.empty() && !arrays_.back()) collector_.leave();
        return true;
    }
    bool value(std::string_view text) {
        const bool element = !arrays_.empty() && arrays_.back();
        if (element && ++elements_ > sidecar_values) return collector_.refuse(SidecarRefusal::too_many);
        return collector_.text(text) && ended();
    }
    bool open(bool array) {
        if (arrays_.size() >= sidecar_depth) return collector_.refuse(SidecarRefusal::too_deep);
        arrays_.push_back(array);
        return true;
    }
    bool close() {
        arrays_.pop_back();
        return ended();
    }

    Collector collector_;
    std::vector<bool> arrays_;  // of each level that is open: it is an array
    std::size_t elements_ = 0;
};

}  // namespace

tl::expected<Sidecar, SidecarRefusal> read_json(std::string_view file, const SidecarFields& fields) {
    Walk walk(fields);
    const bool whole = Json::sax_parse(file.begin(), file.end(), &walk);
    if (const auto& refusal = walk.collector().refusal()) return tl::unexpected(*refusal);
    if (!whole) return tl::unexpected(SidecarRefusal::not_formed);
    return std::move(walk.collector()).found();
}

}  // namespace hefang::codec
