#include "base/text.hpp"
#include "evidence/canonical.hpp"
#include "evidence/event.hpp"

#include <algorithm>

namespace hefang::evidence {
namespace {

bool is_member_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= said_name_bytes && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), fits);
}

/// `data` of each fact type, members in canonical order.
class DataWriter {
  public:
    DataWriter(CanonicalWriter& json, const Envelope& envelope, std::string_view read_point)
        : json_(json), envelope_(envelope), read_point_(read_point) {}

    void operator()(const core::EpochOpened& f) {
        json_.text("epoch", f.epoch);
        json_.text_if("previous", f.previous);
        json_.text("why", f.why, text_bytes);
    }

    void operator()(const core::MessageTaken& f) {
        json_.integer("bytes", f.bytes);
        json_.text("kind", f.kind);
        json_.text("name", f.name, text_bytes);
        json_.integer("nodesRefused", f.nodes_refused);
        json_.integer("nodesRepeated", f.nodes_repeated);
        json_.integer("nodesTaken", f.nodes_taken);
        json_.text_if("refusal", f.refusal, text_bytes);
        json_.text("sha256", f.sha256);
    }

    void operator()(const core::ReceiptTaken& f) {
        if (f.after_exit) json_.boolean("afterExit", true);
        if (f.late) json_.boolean("late", true);
        json_.text_if("status", f.status, word_bytes);
        json_.text_if("statusTime", f.status_time, word_bytes);
        json_.open_object("what");
        json_.text_if("inventory", f.invt_no, number_bytes);
        json_.text_if("waybill", f.waybill, number_bytes);
        json_.close_object();
    }

    void operator()(const core::PassageDecided& f) {
        json_.integer("attempt", f.attempt);
        if (f.chute != 0) json_.integer("chute", f.chute);
        json_.text("class", core::name_of(f.parcel_class));
        json_.text_if("duplicateOf", f.duplicate_of.text());
        if (const auto flow = envelope_.flows.find(f.lane.text()); flow != envelope_.flows.end())
            json_.text("flow", flow->second);
        json_.text("freshness", core::name_of(f.freshness));
        images(f.images);
        json_.text_if("lane", f.lane.text());
        json_.text("passage", f.passage.text());
        json_.text_if("policy", f.policy);
        reasons(f);
        json_.integer("revision", f.revision);
        json_.boolean("secondWeighing", f.second_weighing);
        slot(f);
        json_.text("verdict", core::name_of(f.verdict));
        if (f.weight) weight(*f.weight);
        what(f);
        json_.open_object("when");
        json_.time("eventTime", f.event);
        json_.text("eventTimeZoneOffset", envelope_.utc_offset);
        json_.close_object();
        where(f.lane);
        why(f.ground);
        if (f.screening) screening(*f.screening);
    }

    void operator()(const core::PassageActuated& f) {
        if (f.actual) json_.integer("actual", *f.actual);
        json_.integer("commanded", f.commanded);
        json_.text_if("lane", f.lane.text());
        json_.boolean("leftByRelease", f.left_by_release);
        json_.text("passage", f.passage.text());
        json_.text("result", core::name_of(f.result));
        json_.integer("revision", f.revision);
        json_.open_object("what");
        json_.text_if("waybill", f.waybill, number_bytes);
        json_.close_object();
    }

    void operator()(const core::DeviceWasLost& f) {
        json_.text_if("detail", f.detail, text_bytes);
        json_.text("device", f.device.text());
    }
    void operator()(const core::DeviceWasRestored& f) { json_.text("device", f.device.text()); }
    void operator()(const core::ClockStepped& f) { json_.integer("byMs", f.by_ms); }
    void operator()(const core::StoreRefused& f) { json_.text("detail", f.detail, text_bytes); }
    void operator()(const core::ReadingTaken& f) {
        json_.text("device", f.device.text());
        json_.text("kind", f.kind);
        json_.open_object("said");
        std::string_view last;
        std::size_t room = said_count;
        for (const auto& said : f.said) {
            if (room == 0 || !is_member_name(said.name) || said.name <= last) continue;
            --room;
            last = said.name;
            if (const auto* number = std::get_if<std::int64_t>(&said.value)) json_.integer(said.name, *number);
            if (const auto* text = std::get_if<std::string>(&said.value)) json_.text(said.name, *text, number_bytes);
        }
        json_.close_object();
        json_.open_object("when");
        json_.time("eventTime", f.event);
        json_.text("eventTimeZoneOffset", envelope_.utc_offset);
        json_.close_object();
    }
    void operator()(const core::AlarmRaised& f) {
        json_.text_if("detail", f.detail, text_bytes);
        json_.text("device", f.device.text());
    }
    void operator()(const core::AlarmAcknowledged& f) {
        json_.text("by", f.by);
        json_.text("device", f.device.text());
    }

  private:
    void reasons(const core::PassageDecided& f) {
        json_.open_array("reasons");
        std::size_t room = core::reason_count;
        for (const auto reason : f.reasons)
            if (room-- > 0)
                json_.text_element(core::text_of(reason).code, id_bytes);
            else
                break;
        json_.close_array();
    }

    void images(const std::vector<core::ImageUsed>& used) {
        if (used.empty()) return;
        json_.open_array("images");
        for (std::size_t i = 0; i < used.size() && i < image_count; ++i) {
            json_.element();
            json_.open_object();
            json_.integer("bytes", used[i].bytes);
            json_.text_if("device", used[i].device.text());
            json_.text("sha256", used[i].sha256, hash_bytes);
            json_.text("type", used[i].type, word_bytes);
            json_.close_object();
        }
        json_.close_array();
    }

    void screening(const core::ScreeningTaken& s) {
        json_.open_object("xray");
        json_.text_if("device", s.device.text());
        json_.text_if("judgement", s.judgement, hash_bytes);
        json_.text_if("operator", s.operator_id);
        json_.text("result", core::name_of(s.came));
        json_.text_if("scan", s.scan);
        json_.text_if("time", s.time, word_bytes);
        json_.close_object();
    }

    void slot(const core::PassageDecided& f) {
        if (f.sorter.empty() && f.session == 0 && f.sequence == 0) return;
        json_.open_object("slot");
        if (f.sequence != 0) json_.integer("sequence", f.sequence);
        if (f.session != 0) json_.counter("session", f.session);
        json_.text_if("sorter", f.sorter.text());
        json_.close_object();
    }

    void weight(const core::WeightTaken& w) {
        const auto& record = w.record;
        json_.open_object("weight");
        json_.text_if("alibi", record.alibi, word_bytes);
        if (w.allowed) json_.integer("allowedGrams", w.allowed->count);
        if (record.copy) json_.boolean("copy", true);
        if (w.declared) json_.integer("declaredGrams", w.declared->count);
        json_.text_if("device", w.device.text());
        if (w.measured) json_.integer("grams", w.measured->count);
        if (w.interval) json_.integer("intervalGrams", w.interval->count);
        if (record.net) json_.boolean("net", true);
        if (record.preset_tare) json_.boolean("presetTare", true);
        json_.text("quality", core::name_of(w.came));
        json_.text_if("raw", record.raw, 2 * reading::longest_raw_frame);
        json_.boolean("stable", w.came == core::Weighed::stable);
        if (record.tare) json_.integer("tareGrams", record.tare->count);
        json_.text_if("unit", record.unit, word_bytes);
        json_.close_object();
    }

    void what(const core::PassageDecided& f) {
        json_.open_object("what");
        if (!f.codes.empty()) {
            json_.open_array("codes");
            for (std::size_t i = 0; i < f.codes.size() && i < code_count; ++i)
                json_.text_element(f.codes[i], number_bytes);
            json_.close_array();
        }
        json_.text_if("consignment", f.ground.bill_no, number_bytes);
        json_.text_if("inventory", f.ground.invt_no, number_bytes);
        json_.text_if("waybill", f.waybill, number_bytes);
        json_.close_object();
    }

    void where(const LaneId& lane) {
        const auto& location = envelope_.location.empty() ? envelope_.gateway : envelope_.location;
        json_.open_object("where");
        json_.text("bizLocation", location);
        json_.joined("readPoint", read_point_, lane.text());
        json_.close_object();
    }

    void why(const core::Ground& g) {
        json_.open_object("why");
        if (!g.alarms.empty()) {
            json_.open_array("alarms");
            for (std::size_t i = 0; i < g.alarms.size() && i < alarm_count; ++i)
                json_.text_element(g.alarms[i], word_bytes);
            json_.close_array();
        }
        json_.text("bizStep", "inspecting");
        json_.integer("declarations", g.declarations);
        json_.text_if("declaredAt", g.declared_at, word_bytes);
        json_.open_array("directives");
        json_.close_array();
        json_.integer("receiptCount", g.receipt_count);
        json_.open_array("receipts");
        const std::size_t from = g.receipts.size() > receipt_count ? g.receipts.size() - receipt_count : 0;
        for (std::size_t i = from; i < g.receipts.size(); ++i) {
            json_.element();
            json_.open_object();
            json_.text_if("status", g.receipts[i].status, word_bytes);
            json_.text_if("time", g.receipts[i].time, word_bytes);
            json_.close_object();
        }
        json_.close_array();
        json_.text_if("source", g.source);
        json_.text_if("state", g.state, word_bytes);
        json_.text_if("status", g.status, word_bytes);
        json_.text_if("statusTime", g.status_time, word_bytes);
        json_.close_object();
    }

    CanonicalWriter& json_;
    const Envelope& envelope_;
    std::string_view read_point_;  ///< "<gateway>/"
};

struct Subject {
    std::string_view kind;
    std::string_view name;
};

Subject subject_of(const core::EpochOpened& f) { return {"epoch/", f.epoch}; }
Subject subject_of(const core::MessageTaken& f) { return {"file/", f.sha256}; }
Subject subject_of(const core::ReceiptTaken& f) {
    return f.waybill.empty() ? Subject{"inventory/", f.invt_no} : Subject{"waybill/", f.waybill};
}
Subject subject_of(const core::PassageDecided& f) {
    return f.waybill.empty() ? Subject{"passage/", f.passage.text()} : Subject{"waybill/", f.waybill};
}
Subject subject_of(const core::PassageActuated& f) {
    return f.waybill.empty() ? Subject{"passage/", f.passage.text()} : Subject{"waybill/", f.waybill};
}
Subject subject_of(const core::DeviceWasLost& f) { return {"device/", f.device.text()}; }
Subject subject_of(const core::DeviceWasRestored& f) { return {"device/", f.device.text()}; }
Subject subject_of(const core::ClockStepped&) { return {"clock", {}}; }
Subject subject_of(const core::StoreRefused&) { return {"store", {}}; }
Subject subject_of(const core::ReadingTaken& f) { return {"device/", f.device.text()}; }
Subject subject_of(const core::AlarmRaised& f) { return {"device/", f.device.text()}; }
Subject subject_of(const core::AlarmAcknowledged& f) { return {"device/", f.device.text()}; }

/// When it happened, where that is not when it was recorded.
WallTime time_of(const core::Fact& fact, WallTime otherwise) {
    if (const auto* decided = std::get_if<core::PassageDecided>(&fact)) return decided->event;
    if (const auto* reading = std::get_if<core::ReadingTaken>(&fact)) return reading->event;
    return otherwise;
}

std::string_view name_of(ClockState state) {
    switch (state) {
        case ClockState::synced: return "synced";
        case ClockState::holdover: return "holdover";
        case ClockState::unsynced: return "unsynced";
    }
    return "unsynced";
}

}  // namespace

EventWriter::EventWriter(Envelope envelope)
    : envelope_(std::move(envelope)),
      read_point_(utf8_prefix(envelope_.gateway, id_bytes)),
      source_("urn:hefang:" + read_point_),
      id_(utf8_prefix(envelope_.epoch, id_bytes)) {
    read_point_ += '/', id_ += '/';
}

void EventWriter::write(const core::Fact& fact, std::uint64_t sequence, const Digest& prevhash, const Now& now,
                        std::string& out) const {
    out.clear();
    const std::string number = std::to_string(sequence);
    const auto subject = std::visit([](const auto& f) { return subject_of(f); }, fact);
    CanonicalWriter json(out);
    json.open_object();
    json.text_if("boot", envelope_.boot);
    json.text("clock", name_of(now.clock));
    json.open_object("data");
    std::visit(DataWriter(json, envelope_, read_point_), fact);
    json.close_object();
    json.text("datacontenttype", "application/json");
    json.text("epoch", envelope_.epoch);
    json.joined("id", id_, number, id_bytes + 1);
    json.counter("mono", static_cast<std::uint64_t>(now.boot.ms < 0 ? 0 : now.boot.ms));
    json.text("prevhash", hex(prevhash));
    json.time("recordedtime", now.wall);
    json.text("sequence", number);
    json.text("source", source_, id_bytes + 16);
    json.text("specversion", "1.0");
    json.joined("subject", subject.kind, subject.name);
    json.time("time", time_of(fact, now.wall));
    json.joined("type", "hefang.", std::string(core::name_of(fact)) + ".v1");
    json.close_object();
}

}  // namespace hefang::evidence
