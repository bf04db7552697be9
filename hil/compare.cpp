#include "hil/compare.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

namespace hefang::hil {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string text_of(const Expected& e) { return e.verdict + "/" + e.parcel_class + "/" + e.reason; }

class Comparison {
  public:
    Comparison(const Stand& stand, std::vector<std::string>& out) : stand_(stand), out_(out) {
        for (const auto& line : stand.lines) {
            auto& log = left_.emplace_back();
            if (line->sorter)
                for (const auto& d : line->sorter->diversions()) log[d.sequence].push_back(d.chute);
        }
    }

    void parcel(const Passed& p) {
        const auto& line = *stand_.lines[p.line];
        const auto number = p.parcel.codes.empty() ? std::string("no number") : p.parcel.codes.front();
        who_ = line.spec.id + " item " + std::to_string(p.slot) + " (" + p.parcel.kind + ", " + number + "): ";
        const auto revisions = stand_.journal.of_slot(line.spec.id, p.slot);
        if (revisions.empty()) return tell("was never decided");
        const auto& last = *revisions.back();
        same("passages of the item", one_passage(revisions) ? "one" : "several", "one");
        if (p.truth.any_decision) return way_matches(p, last, p.truth.left.value_or(0));
        same("revisions", std::to_string(revisions.size()), std::to_string(p.truth.revisions));
        const Expected got{last.verdict, last.parcel_class, last.reasons.empty() ? "" : last.reasons.front()};
        same("decision", text_of(got), text_of(p.truth.decided));
        const auto wanted_chute = line.chute_of(p.truth.decided.parcel_class);
        same("chute", std::to_string(last.chute), std::to_string(wanted_chute));
        number_matches(p, last);
        end_matches(p, last, wanted_chute);
    }

    void nothing_else(const std::vector<Passed>& passed) {
        std::map<std::pair<std::string, std::int64_t>, int> known;
        std::set<std::string> late;  // its telegram may have outlived its place
        for (const auto& p : passed) {
            ++known[{stand_.lines[p.line]->spec.id, p.slot}];
            if (p.truth.any_decision) late.insert(p.parcel.codes.begin(), p.parcel.codes.end());
        }
        for (const auto& d : stand_.journal.decisions()) {
            who_ = "fact " + std::to_string(d.fact) + ": ";
            const bool placeless = d.slot == 0 && late.contains(d.waybill);
            if (!placeless && !known.contains({d.lane, d.slot}))
                tell("decides a parcel of " + d.lane + " that there was not: " + d.waybill);
        }
        for (const auto& p : passed) old_commands(p);
    }

  private:
    void tell(const std::string& what) { out_.push_back(who_ + what); }
    void same(const std::string& what, const std::string& got, const std::string& wanted) {
        if (got != wanted) tell(what + " is " + got + ", should be " + wanted);
    }

    static bool one_passage(const std::vector<const SeenDecision*>& revisions) {
        return std::all_of(revisions.begin(), revisions.end(),
                           [&](const auto* d) { return d->passage == revisions.front()->passage; });
    }

    void number_matches(const Passed& p, const SeenDecision& last) {
        const auto& codes = p.parcel.codes;
        const bool unread = codes.empty() || p.truth.decided.reason == "device-fault";
        const bool right =
            unread ? last.waybill.empty() : std::find(codes.begin(), codes.end(), last.waybill) != codes.end();
        if (!right) tell("is on record as '" + last.waybill + "'");
    }

    void end_matches(const Passed& p, const SeenDecision& last, int wanted_chute) {
        const auto* end = stand_.journal.end_of(last.passage);
        if (end == nullptr) return tell("its passage has no end");
        same("result", end->result, p.truth.result);
        const int left = p.truth.left.value_or(wanted_chute);
        const bool known = p.truth.result != "unknown" && p.truth.result != "lost";
        same("chute on record", end->actual ? std::to_string(*end->actual) : "none",
             known ? std::to_string(left) : "none");
        way_matches(p, last, left);
    }

    /// Where the PLC sent it.
    void way_matches(const Passed& p, const SeenDecision& last, int left) {
        const auto& log = left_[p.line][p.slot];
        const std::string seen = log.empty() ? "0" : std::to_string(log.back());
        if (log.size() > 1) tell("left the belt twice");
        same("chute in the PLC's log", seen, std::to_string(left));
        const auto release = stand_.lines[p.line]->chute_of("release");
        if (!log.empty() && log.back() == release && last.verdict != "release")
            tell("went into the release chute without a release");
    }

    /// A command for an item may only come in the conversation in which the item passed the eye.
    void old_commands(const Passed& p) {
        const auto& sorter = stand_.lines[p.line]->sorter;
        if (!sorter) return;
        if (received_.size() <= p.line) received_.resize(p.line + 1);
        auto& by_item = received_[p.line];
        if (by_item.empty())
            for (const auto& r : sorter->received()) by_item[r.entry.sequence].push_back(r.session);
        who_ = stand_.lines[p.line]->spec.id + " item " + std::to_string(p.slot) + ": ";
        for (const auto session : by_item[p.slot])
            if (session != p.session)
                tell("was commanded in session " + std::to_string(session) + ", passed the eye in " +
                     std::to_string(p.session));
    }

    const Stand& stand_;
    std::vector<std::string>& out_;
    std::string who_;
    std::vector<std::map<std::int64_t, std::vector<int>>> left_;                // by line, item
    std::vector<std::map<std::int64_t, std::vector<std::uint16_t>>> received_;  // by line, item
};

/// The receiver's list must be 1 … last, each once, in order.
void check_list(const std::string& list, std::uint64_t last, std::vector<std::string>& out) {
    std::istringstream lines(list);
    std::uint64_t expected = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string gateway, epoch, type;
        std::uint64_t sequence = 0;
        words >> gateway >> epoch >> sequence >> type;
        if (sequence != ++expected) {
            out.push_back("the receiver has fact " + std::to_string(sequence) + " where " + std::to_string(expected) +
                          " belongs");
            return;
        }
        if (line.find("quarantined") != std::string::npos) out.push_back("quarantined: " + line);
    }
    if (expected != last)
        out.push_back("the receiver has " + std::to_string(expected) + " facts, the journal " + std::to_string(last));
}

}  // namespace

std::vector<std::string> compare_parcels(const std::vector<Passed>& passed, const Stand& stand) {
    std::vector<std::string> out;
    Comparison comparison(stand, out);
    for (const auto& p : passed) comparison.parcel(p);
    comparison.nothing_else(passed);
    return out;
}

std::vector<std::string> compare_platform(Stand& stand) {
    std::vector<std::string> out;
    const auto note = [&](const std::string& what) { out.push_back(what); };
    if (const auto synced = stand.await_synced(Ms(90'000)); !synced) note(synced.error().detail);
    if (const auto ended = stand.end_gateway(); !ended) note(ended.error().detail);
    const auto verified = stand.run({"verify", "--json"});
    if (!verified || verified->code != 0)
        return note("hefang verify: " + (verified ? verified->out + verified->error : verified.error().detail)), out;
    const auto status = stand.run_receiver({"--status"});
    const auto list = stand.run_receiver({"list"});
    if (!status || status->code != 0 || !list || list->code != 0)
        return note("hefang-receiver does not tell what it has"), out;
    const auto mine = json::parse(verified->out, nullptr, false);
    const auto theirs = json::parse(status->out, nullptr, false);
    if (!mine.is_object() || !theirs.is_object()) return note("no JSON from verify or --status"), out;
    const auto last = mine.value("last", std::uint64_t{0});
    if (last < stand.journal.last())
        note("the journal ends at " + std::to_string(last) + ", but the page showed " +
             std::to_string(stand.journal.last()));
    check_list(list->out, last, out);
    if (theirs.value("alarms", 0) != 0) note("the receiver has alarms: " + theirs.dump());
    const auto& gateways = theirs.value("gateways", json::array());
    const auto epochs = gateways.size() == 1 ? gateways[0].value("epochs", json::array()) : json::array();
    if (epochs.size() != 1) return note("the receiver does not have exactly one epoch: " + theirs.dump()), out;
    if (epochs[0].value("epoch", "") != mine.value("epoch", "-")) note("the epochs differ");
    if (epochs[0].value("head", "") != mine.value("head", "-"))
        note("the heads of the chains differ: " + epochs[0].dump());
    if (epochs[0].value("through", "") != std::to_string(last))
        note("not everything is acknowledged: " + epochs[0].dump());
    return out;
}

std::vector<std::string> files_with_buyers(const Stand& stand) {
    std::vector<std::string> out;
    std::vector<fs::path> files{stand.folder() + "/receiver.db", stand.folder() + "/receiver.db-wal",
                                stand.folder() + "/hefang.log"};
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(stand.folder() + "/store", error))
        if (entry.is_regular_file(error)) files.push_back(entry.path());
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        for (const char* mark : {"虚构买家", "虚构省", "00000019000101"})
            if (bytes.find(mark) != std::string::npos) out.push_back(file.string() + " holds a buyer's data: " + mark);
    }
    return out;
}

}  // namespace hefang::hil
