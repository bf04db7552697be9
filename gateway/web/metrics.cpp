#include "web/metrics.hpp"

#include <cstdlib>

namespace hefang::web {
namespace {

std::string escaped(std::string_view value, bool quotes) {
    std::string out;
    for (const char c : value) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
    return out;
}

void of_site(Exposition& out, const Board& board) {
    out.family("hefang_build_info", "gauge", "Always 1; which gateway and version this is.");
    out.sample({{"gateway", board.gateway}, {"kind", board.kind}, {"version", board.version}}, std::int64_t{1});
    out.family("hefang_clock_state", "gauge", "1 for the state that the wall clock is in.");
    for (const auto state : {ClockState::synced, ClockState::holdover, ClockState::unsynced}) {
        out.sample({{"state", name_of(state)}}, std::int64_t{board.clock == state});
    }
    out.family("hefang_lane_open_passages", "gauge", "Passages that are not finished.");
    for (const auto& lane : board.lanes) out.sample({{"lane", lane.id}, {"flow", lane.flow}}, lane.open_passages);
}

void of_devices(Exposition& out, const Board& board) {
    out.family("hefang_device_up", "gauge", "1 when the device answers.");
    for (const auto& d : board.devices) {
        out.sample({{"device", d.id}, {"kind", d.kind}}, std::int64_t{d.state == LinkState::up});
    }
    out.family("hefang_device_age_seconds", "gauge", "Since the device's last sign of life.");
    for (const auto& d : board.devices) {
        if (d.age_ms) out.seconds({{"device", d.id}}, *d.age_ms);
    }
    out.family("hefang_device_events_total", "counter",
               "What the device's driver counted, refusals by reason among it.");
    for (const auto& d : board.devices) {
        for (const auto& row : d.counters) out.sample({{"device", d.id}, {"event", row.name}}, row.value);
    }
}

void of_sync(Exposition& out, const SyncBoard& sync) {
    out.family("hefang_sync_state", "gauge", "1 for the state of the link to the platform.");
    for (const auto state :
         {SyncState::alone, SyncState::connecting, SyncState::online, SyncState::offline, SyncState::alarm}) {
        out.sample({{"state", name_of(state)}}, std::int64_t{sync.state == state});
    }
    out.family("hefang_journal_last_sequence", "gauge", "Newest committed fact of the epoch.");
    out.sample({}, sync.last);
    out.family("hefang_sync_acked_sequence", "gauge", "Newest fact that the platform has stored.");
    out.sample({}, sync.acked);
    if (!sync.age_ms) return;
    out.family("hefang_sync_ack_age_seconds", "gauge", "Since the platform's last acknowledgement.");
    out.seconds({}, *sync.age_ms);
}

void of_store(Exposition& out, const Board& board) {
    if (board.store.free_bytes >= 0) {
        out.family("hefang_store_free_bytes", "gauge", "Free bytes of the file system that holds the store.");
        out.sample({}, board.store.free_bytes);
    }
    out.family("hefang_store_wal_pages", "gauge", "Pages in the write-ahead log.");
    out.sample({}, board.store.wal_pages);
    out.family("hefang_inbox_waiting_files", "gauge", "Files of customs messages that wait.");
    out.sample({}, board.inbox.waiting);
    out.family("hefang_inbox_files_total", "counter", "Files of customs messages by outcome.");
    out.sample({{"outcome", "taken"}}, board.inbox.taken);
    out.sample({{"outcome", "refused"}}, board.inbox.refused);
    out.sample({{"outcome", "parked"}}, board.inbox.parked);
    out.family("hefang_mailbox_waiting", "gauge", "Inputs that wait for the next turn.");
    for (const auto& inlet : board.mailbox) out.sample({{"inlet", inlet.name}}, inlet.waiting);
    out.family("hefang_mailbox_capacity", "gauge", "Room of an inlet.");
    for (const auto& inlet : board.mailbox) out.sample({{"inlet", inlet.name}}, inlet.capacity);
    out.family("hefang_mailbox_refused_total", "counter", "Times that a full inlet made its device wait.");
    for (const auto& inlet : board.mailbox) out.sample({{"inlet", inlet.name}}, inlet.refused);
    out.family("hefang_events_total", "counter",
               "What the parts of the gateway counted since the start: refusals, repeats, things put off.");
    for (const auto& row : board.counters) out.sample({{"source", row.source}, {"event", row.name}}, row.value);
}

void of_health(Exposition& out, const Health& health) {
    out.family("hefang_healthy", "gauge", "1 when /healthz answers 200.");
    out.sample({}, std::int64_t{healthy(health)});
    out.family("hefang_mode", "gauge", "1 for the mode that the gateway is in.");
    for (const auto mode : {Mode::running, Mode::degraded, Mode::stopped}) {
        out.sample({{"mode", name_of(mode)}}, std::int64_t{health.mode == mode});
    }
    out.family("hefang_turn_age_seconds", "gauge", "Since the last completed turn.");
    out.seconds({}, health.turn_age_ms);
}

void of_web(Exposition& out, const MetricSources& from) {
    out.family("hefang_verdicts_total", "counter", "Decisions since the start, by lane, verdict and class.");
    for (const auto& [key, count] : from.passages.verdicts()) {
        const auto& [lane, verdict, parcel_class] = key;
        out.sample({{"lane", lane}, {"verdict", verdict}, {"class", parcel_class}}, count);
    }
    out.family("hefang_facts_unreadable_total", "counter", "Committed facts that the web room could not read.");
    out.sample({}, from.passages.unreadable());
    out.family("hefang_http_responses_total", "counter", "Answers by status.");
    for (const auto& row : from.responses.rows()) out.sample({{"status", row.name}}, row.value);
    out.family("hefang_http_refusals_total", "counter",
               "Requests, connections and streams refused or ended, by reason.");
    for (const auto& row : from.refusals.rows()) out.sample({{"reason", row.name}}, row.value);
    out.family("hefang_http_connections", "gauge", "Open connections, streams among them.");
    out.sample({}, from.connections);
    out.family("hefang_http_streams", "gauge", "Open event streams.");
    out.sample({}, from.streams);
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += "# HELP " + name_ + ' ' + escaped(help, false) + '\n';
    text_ += "# TYPE " + name_ + ' ' + std::string(type) + '\n';
}

void Exposition::sample(Labels labels, std::uint64_t value) { line(labels, std::to_string(value)); }
void Exposition::sample(Labels labels, std::int64_t value) { line(labels, std::to_string(value)); }

void Exposition::seconds(Labels labels, std::int64_t ms) {
    const auto thousandths = std::to_string(1000 + std::abs(ms % 1000)).substr(1);
    line(labels, (ms < 0 ? "-" : "") + std::to_string(std::abs(ms / 1000)) + '.' + thousandths);
}

void Exposition::line(Labels labels, std::string_view value) {
    text_ += name_;
    char before = '{';
    for (const auto& [label, content] : labels) {
        text_ += before;
        text_ += std::string(label) + "=\"" + escaped(content, true) + '"';
        before = ',';
    }
    if (labels.size() > 0) text_ += '}';
    text_ += ' ' + std::string(value) + '\n';
}

std::string metrics_text(const MetricSources& from) {
    Exposition out;
    of_health(out, from.health);
    if (from.board != nullptr) {
        of_site(out, *from.board);
        of_devices(out, *from.board);
        of_sync(out, from.board->sync);
        of_store(out, *from.board);
    }
    of_web(out, from);
    return out.take();
}

}  // namespace hefang::web
