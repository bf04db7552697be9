#include "base/text.hpp"
#include "evidence/canonical.hpp"
#include "evidence/event.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

namespace hefang::evidence {
namespace {

using nlohmann::json;

/// Thrown and caught inside this file only.
struct Refusal {
    std::string why;
};

const json* find(const json& object, const char* name) {
    const auto it = object.find(name);
    return it == object.end() ? nullptr : &*it;
}
const json& need(const json& object, const char* name) {
    const json* value = find(object, name);
    if (value == nullptr) throw Refusal{std::string("member ") + name + " is missing"};
    return *value;
}
std::string text(const json& object, const char* name) {
    const json& value = need(object, name);
    if (!value.is_string()) throw Refusal{std::string("member ") + name + " is no text"};
    return value.get<std::string>();
}
std::string text_or_none(const json& object, const char* name) {
    return find(object, name) == nullptr ? std::string() : text(object, name);
}
template <class Int = std::int64_t>
Int integer(const json& object, const char* name) {
    const json& value = need(object, name);
    const auto number = value.is_number_integer() ? value.get<std::int64_t>() : integer_limit + 1;
    const auto low = std::max<std::int64_t>(-integer_limit, std::numeric_limits<Int>::min());
    const auto high = std::min<std::int64_t>(integer_limit, std::numeric_limits<Int>::max());
    if (number < low || number > high) throw Refusal{std::string("member ") + name + " is no integer in range"};
    return static_cast<Int>(number);
}
template <class Int = std::int64_t>
Int integer_or(const json& object, const char* name, Int otherwise) {
    return find(object, name) == nullptr ? otherwise : integer<Int>(object, name);
}
bool boolean(const json& object, const char* name) {
    const json& value = need(object, name);
    if (!value.is_boolean()) throw Refusal{std::string("member ") + name + " is no boolean"};
    return value.get<bool>();
}
bool boolean_or(const json& object, const char* name) { return find(object, name) != nullptr && boolean(object, name); }
const json& array(const json& object, const char* name) {
    const json& value = need(object, name);
    if (!value.is_array()) throw Refusal{std::string("member ") + name + " is no list"};
    return value;
}
const json& object(const json& parent, const char* name) {
    const json& value = need(parent, name);
    if (!value.is_object()) throw Refusal{std::string("member ") + name + " is no object"};
    return value;
}
std::uint64_t counter(const json& parent, const char* name) {
    const std::string digits = text(parent, name);
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || std::to_string(value) != digits)
        throw Refusal{std::string("member ") + name + " is no decimal number"};
    return value;
}
WallTime time(const json& parent, const char* name) {
    const auto value = parse_time(text(parent, name));
    if (!value) throw Refusal{std::string("member ") + name + " is no time"};
    return *value;
}
template <class T>
T known(std::optional<T> value, const char* name) {
    if (!value) throw Refusal{std::string("member ") + name + " has a value that is not known here"};
    return *value;
}
std::optional<Grams> grams(const json& parent, const char* name) {
    if (find(parent, name) == nullptr) return std::nullopt;
    return Grams{integer(parent, name)};
}

template <class Enum>
std::optional<Enum> enum_from(std::string_view name, std::initializer_list<Enum> all) {
    const auto it = std::find_if(all.begin(), all.end(), [&](Enum e) { return core::name_of(e) == name; });
    return it == all.end() ? std::nullopt : std::optional(*it);
}

reading::WeightRecord record_of(const json& w) {
    const auto flag = [&](const char* name) { return find(w, name) != nullptr && boolean(w, name); };
    return {text_or_none(w, "unit"),  flag("net"), grams(w, "tareGrams"), flag("presetTare"), text_or_none(w, "raw"),
            text_or_none(w, "alibi"), flag("copy")};
}

core::WeightTaken weight_of(const json& w) {
    using enum core::Weighed;
    const bool says = find(w, "quality") != nullptr;  // the first facts did not
    const auto came =
        says ? known(enum_from(text(w, "quality"), {nothing, stable, unstable, overload, clash, wrong_tare}), "quality")
             : (boolean(w, "stable") ? stable : nothing);
    return {grams(w, "grams"),
            grams(w, "declaredGrams"),
            grams(w, "allowedGrams"),
            grams(w, "intervalGrams"),
            came,
            DeviceId(text_or_none(w, "device")),
            record_of(w)};
}

core::ScreeningTaken screening_of(const json& x) {
    using enum core::Screened;
    const auto came = enum_from(text(x, "result"),
                                {clear, suspect, no_decision, fault, unjudged, tip, view_missing, missing, unsure});
    return {known(came, "result"),   DeviceId(text_or_none(x, "device")),
            text_or_none(x, "scan"), text_or_none(x, "operator"),
            text_or_none(x, "time"), text_or_none(x, "judgement")};
}

core::Ground ground_of(const json& why, const json& what) {
    core::Ground g;
    g.status = text_or_none(why, "status");
    g.status_time = text_or_none(why, "statusTime");
    g.source = text_or_none(why, "source");
    g.state = text_or_none(why, "state");
    g.invt_no = text_or_none(what, "inventory");
    g.bill_no = text_or_none(what, "consignment");
    for (const json& receipt : array(why, "receipts"))
        g.receipts.push_back({text_or_none(receipt, "status"), text_or_none(receipt, "time")});
    g.receipt_count = integer(why, "receiptCount");
    g.declarations = integer(why, "declarations");
    g.declared_at = text_or_none(why, "declaredAt");
    if (find(why, "alarms") != nullptr)
        for (const json& word : array(why, "alarms")) g.alarms.push_back(word.get<std::string>());
    return g;
}

core::PassageDecided decided_of(const json& data) {
    using enum core::Freshness;
    core::PassageDecided f;
    const json& what = object(data, "what");
    f.passage = core::PassageId(text(data, "passage"));
    f.revision = integer<std::int32_t>(data, "revision");
    f.lane = LaneId(text_or_none(data, "lane"));
    f.attempt = integer<std::int32_t>(data, "attempt");
    f.waybill = text_or_none(what, "waybill");
    if (find(what, "codes") != nullptr)
        for (const json& code : array(what, "codes")) f.codes.push_back(code.get<std::string>());
    f.event = time(object(data, "when"), "eventTime");
    f.verdict = known(core::verdict_from(text(data, "verdict")), "verdict");
    f.parcel_class = known(core::class_from(text(data, "class")), "class");
    for (const json& reason : array(data, "reasons"))
        f.reasons.push_back(known(core::reason_from(reason.get<std::string>()), "reasons"));
    f.ground = ground_of(object(data, "why"), what);
    f.freshness = known(enum_from(text(data, "freshness"), {not_checked, fresh, degraded, stale}), "freshness");
    if (find(data, "weight") != nullptr) f.weight = weight_of(object(data, "weight"));
    if (find(data, "images") != nullptr)
        for (const json& image : array(data, "images"))
            f.images.push_back({text(image, "sha256"), integer(image, "bytes"), text(image, "type"),
                                DeviceId(text_or_none(image, "device"))});
    if (find(data, "xray") != nullptr) f.screening = screening_of(object(data, "xray"));
    f.second_weighing = boolean(data, "secondWeighing");
    f.duplicate_of = core::PassageId(text_or_none(data, "duplicateOf"));
    f.policy = text_or_none(data, "policy");
    f.chute = integer_or<std::int32_t>(data, "chute", 0);
    if (find(data, "slot") != nullptr) {
        const json& slot = object(data, "slot");
        f.sorter = DeviceId(text_or_none(slot, "sorter"));
        if (find(slot, "session") != nullptr) f.session = counter(slot, "session");
        f.sequence = integer_or<std::uint16_t>(slot, "sequence", 0);
    }
    return f;
}

core::PassageActuated actuated_of(const json& data) {
    using enum core::Actuation;
    core::PassageActuated f;
    f.passage = core::PassageId(text(data, "passage"));
    f.revision = integer<std::int32_t>(data, "revision");
    f.lane = LaneId(text_or_none(data, "lane"));
    f.waybill = text_or_none(object(data, "what"), "waybill");
    f.commanded = integer<std::int32_t>(data, "commanded");
    if (find(data, "actual") != nullptr) f.actual = integer<std::int32_t>(data, "actual");
    f.result = known(enum_from(text(data, "result"), {diverted, missed, recirculated, lost, late, unknown}), "result");
    f.left_by_release = boolean(data, "leftByRelease");
    return f;
}

core::MessageTaken message_of(const json& data) {
    return {text(data, "sha256"),          text(data, "kind"),           text(data, "name"),
            integer(data, "bytes"),        integer(data, "nodesTaken"),  integer(data, "nodesRepeated"),
            integer(data, "nodesRefused"), text_or_none(data, "refusal")};
}

core::ReadingTaken reading_of(const json& data) {
    core::ReadingTaken f{
        DeviceId(text(data, "device")), text(data, "kind"), time(object(data, "when"), "eventTime"), {}};
    const json& said = object(data, "said");
    for (const auto& [name, value] : said.items()) {
        if (f.said.size() == said_count) throw Refusal{"member said has too many members"};
        if (value.is_string()) {
            f.said.push_back({name, value.get<std::string>()});
        } else {
            f.said.push_back({name, integer(said, name.c_str())});
        }
    }
    return f;
}

core::Fact fact_of(const std::string& type, const json& data) {
    if (type == "passage.decided") return decided_of(data);
    if (type == "passage.actuated") return actuated_of(data);
    if (type == "message.taken") return message_of(data);
    if (type == "epoch.opened")
        return core::EpochOpened{text(data, "epoch"), text_or_none(data, "previous"), text(data, "why")};
    if (type == "receipt.taken") {
        const json& what = object(data, "what");
        return core::ReceiptTaken{text_or_none(what, "waybill"), text_or_none(what, "inventory"),
                                  text_or_none(data, "status"),  text_or_none(data, "statusTime"),
                                  boolean_or(data, "afterExit"), boolean_or(data, "late")};
    }
    if (type == "device.lost") return core::DeviceWasLost{DeviceId(text(data, "device")), text_or_none(data, "detail")};
    if (type == "device.restored") return core::DeviceWasRestored{DeviceId(text(data, "device"))};
    if (type == "clock.stepped") return core::ClockStepped{integer(data, "byMs")};
    if (type == "store.refused") return core::StoreRefused{text(data, "detail")};
    if (type == "reading.taken") return reading_of(data);
    if (type == "alarm.raised") return core::AlarmRaised{DeviceId(text(data, "device")), text_or_none(data, "detail")};
    if (type == "alarm.acknowledged") return core::AlarmAcknowledged{DeviceId(text(data, "device")), text(data, "by")};
    throw Refusal{"fact type " + printable(type) + " is not known here"};
}

std::string type_of(const json& event) {
    constexpr std::string_view before = "hefang.", after = ".v1";
    const std::string type = text(event, "type");
    if (!type.starts_with(before) || !type.ends_with(after) || type.size() <= before.size() + after.size())
        throw Refusal{"type " + printable(type) + " is none of this contract"};
    return type.substr(before.size(), type.size() - before.size() - after.size());
}

Digest digest_of(const std::string& hexadecimal) {
    Digest digest{};
    if (hexadecimal.size() != 2 * digest.size()) throw Refusal{"prevhash is no SHA-256"};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const char* at = hexadecimal.data() + 2 * i;
        if (std::from_chars(at, at + 2, digest[i], 16).ptr != at + 2) throw Refusal{"prevhash is no SHA-256"};
    }
    if (hex(digest) != hexadecimal) throw Refusal{"prevhash is not in lower case"};
    return digest;
}

ClockState clock_of(const std::string& name) {
    if (name == "synced") return ClockState::synced;
    if (name == "holdover") return ClockState::holdover;
    if (name == "unsynced") return ClockState::unsynced;
    throw Refusal{"clock state " + printable(name) + " is not known here"};
}

/// Brackets outside of strings nested deeper than `most`?
bool deeper_than(std::string_view bytes, std::size_t most) {
    std::size_t depth = 0;
    bool inside = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inside) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inside = false;
        } else if (c == '"')
            inside = true;
        else if (c == '{' || c == '[') {
            if (++depth > most) return true;
        } else if ((c == '}' || c == ']') && depth > 0)
            --depth;
    }
    return false;
}

json parse_once_named(std::string_view bytes) {
    std::vector<std::set<std::string>> open;
    const auto watch = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second)
            throw Refusal{"member " + printable(value.get<std::string>()) + " stands twice"};
        return true;
    };
    return json::parse(bytes, watch);
}

StoredEvent stored_of(const json& event) {
    if (!event.is_object()) throw Refusal{"not an object"};
    StoredEvent stored;
    stored.sequence = counter(event, "sequence");
    stored.epoch = text(event, "epoch");
    stored.prevhash = digest_of(text(event, "prevhash"));
    stored.type = type_of(event);
    stored.recorded.wall = time(event, "recordedtime");
    const std::uint64_t mono = counter(event, "mono");
    if (mono > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw Refusal{"mono is out of range"};
    stored.recorded.boot = {static_cast<std::int64_t>(mono)};
    stored.recorded.clock = clock_of(text(event, "clock"));
    stored.boot = text_or_none(event, "boot");
    stored.fact = fact_of(stored.type, object(event, "data"));
    return stored;
}

}  // namespace

Result<StoredEvent> parse_event(std::string_view bytes) {
    if (bytes.size() > event_bytes) return fail(Errc::refused, "fact is larger than 32 KiB");
    if (deeper_than(bytes, depth_limit)) return fail(Errc::refused, "fact is nested too deep");
    try {
        return stored_of(parse_once_named(bytes));
    } catch (const Refusal& refusal) {
        return fail(Errc::refused, "fact is refused: " + refusal.why);
    } catch (const json::exception& error) {
        return fail(Errc::refused, "fact is refused: " + printable(error.what(), 200));
    }
}

}  // namespace hefang::evidence
