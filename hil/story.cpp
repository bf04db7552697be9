#include "hil/story.hpp"

#include "hil/xray_sim.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

#include <toml++/toml.h>

namespace hefang::hil {
namespace {

/// Thrown within this file only; read_story() makes an Error of it.
struct Wrong : std::runtime_error {
    Wrong(const toml::node& at, const std::string& what)
        : std::runtime_error(std::to_string(at.source().begin.line) + ": " + what) {}
};

void only(const toml::table& table, const std::set<std::string>& known) {
    for (const auto& [key, value] : table)
        if (!known.contains(std::string(key.str()))) throw Wrong(value, "unknown key '" + std::string(key.str()) + "'");
}

template <class T>
T get(const toml::table& table, const char* key, T otherwise) {
    const auto* node = table.get(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<T>();
    if (!value) throw Wrong(*node, std::string(key) + " has the wrong type");
    return *value;
}

std::string get(const toml::table& table, const char* key, const char* otherwise) {
    return get<std::string>(table, key, std::string(otherwise));
}

class Reader {
  public:
    explicit Reader(Story& story) : story_(story) {}

    void read(const toml::table& file) {
        only(file, {"name", "site", "policy", "generate", "step"});
        story_.name = get(file, "name", "");
        if (const auto* site = file["site"].as_table()) read_site(*site);
        if (const auto* policy = file["policy"].as_table())
            for (const auto& [key, value] : *policy)
                story_.site.policy[std::string(key.str())] = std::to_string(value.value_or(std::int64_t{0}));
        const auto* generate = file["generate"].as_table();
        const auto* steps = file["step"].as_array();
        const auto is_place = [](const toml::node& step) { return step.as_table()->contains("generated"); };
        const bool placed = steps != nullptr && std::any_of(steps->begin(), steps->end(), is_place);
        if (placed && generate == nullptr) throw Wrong(*steps, "generated parcels need [generate]");
        if (generate != nullptr && !placed) read_generator(*generate);
        if (steps == nullptr) return;
        for (const auto& step : *steps) {
            if (is_place(step)) {
                only(*step.as_table(), {"generated"});
                read_generator(*generate);
            } else {
                read_step(*step.as_table());
            }
        }
    }

  private:
    void read_site(const toml::table& t) {
        only(t, {"lines", "reader", "scale", "scale_protocol", "xray", "travel_ms", "decide_within_ms",
                 "confirm_within_ms", "interval_ms", "memory_growth_mib", "store_mib"});
        LineSpec line;
        line.reader = get(t, "reader", "");
        line.scale = get(t, "scale", false);
        line.scale_protocol = get(t, "scale_protocol", line.scale_protocol.c_str());
        const auto spoken = scale_protocols();
        if (std::find(spoken.begin(), spoken.end(), line.scale_protocol) == spoken.end())
            throw Wrong(*t.get("scale_protocol"), "no scale speaks '" + line.scale_protocol + "'");
        line.xray = get(t, "xray", false);
        line.travel_ms = get(t, "travel_ms", line.travel_ms);
        line.decide_within_ms = get(t, "decide_within_ms", line.decide_within_ms);
        line.confirm_within_ms = get(t, "confirm_within_ms", line.confirm_within_ms);
        story_.interval_ms = get(t, "interval_ms", std::int64_t{0});
        story_.memory_growth_mib = get(t, "memory_growth_mib", std::int64_t{0});
        story_.site.store_mib = get(t, "store_mib", std::int64_t{0});
        story_.site.lines.clear();
        for (std::int64_t i = 1; i <= get(t, "lines", std::int64_t{1}); ++i) {
            line.id = "line-" + std::to_string(i);
            story_.site.lines.push_back(line);
        }
    }

    void read_generator(const toml::table& t) {
        only(t, {"seed", "kinds"});
        std::mt19937 random(static_cast<std::uint32_t>(get(t, "seed", std::int64_t{1})));
        std::vector<const Kind*> all;
        for (const auto& [name, count] : *t["kinds"].as_table()) {
            const auto* kind = known_kind(count, std::string(name.str()));
            all.insert(all.end(), static_cast<std::size_t>(count.value_or(std::int64_t{0})), kind);
        }
        // Not std::shuffle: its order is each library's own.
        for (auto i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto declared = 600 + static_cast<std::int64_t>(random() % 1000) / 5 * 5;
            add_parcel(make_parcel(*all[i], next_waybill(), declared), i % story_.site.lines.size(), {});
        }
    }

    void read_step(const toml::table& t) {
        only(t, {"parcel", "again", "receipt", "fault", "wait", "rest_ms", "waybill", "declared", "grams", "receipts",
                 "line", "expect", "status", "after_s", "xray"});
        const auto line = static_cast<std::size_t>(get(t, "line", std::int64_t{1})) - 1;
        if (line >= story_.site.lines.size()) throw Wrong(t, "there is no such line");
        if (t.contains("parcel")) return read_parcel(t, line);
        if (t.contains("again")) return read_again(t, line);
        Step step;
        step.line = line;
        if (t.contains("receipt")) {
            step.what = Step::What::receipt;
            step.name = get(t, "receipt", "");
            step.said = {get(t, "status", ""), get(t, "after_s", std::int64_t{0}), false};
            if (!parcels_.contains(step.name)) throw Wrong(t, "no parcel before has this number");
            step.parcel = parcels_.at(step.name);
        } else if (t.contains("fault")) {
            step.what = Step::What::fault;
            step.name = get(t, "fault", "");
        } else if (t.contains("wait")) {
            step.what = Step::What::wait;
            step.name = get(t, "wait", "");
        } else if (t.contains("rest_ms")) {
            step.ms = get(t, "rest_ms", std::int64_t{0});
        } else {
            throw Wrong(t, "a step is a parcel, again, a receipt, a fault, a wait or a rest_ms");
        }
        story_.steps.push_back(std::move(step));
    }

    void read_parcel(const toml::table& t, std::size_t line) {
        const auto* kind = known_kind(*t.get("parcel"), get(t, "parcel", ""));
        auto waybill = get(t, "waybill", "");
        if (waybill.empty()) waybill = next_waybill();
        auto parcel = make_parcel(*kind, waybill, get(t, "declared", std::int64_t{1200}));
        parcel.grams = get(t, "grams", parcel.grams);
        parcel.xray = get(t, "xray", "clear");
        if (!manner_named(parcel.xray)) throw Wrong(t, "xray is one of: " + manner_names());
        if (t.contains("receipts")) {
            const auto said = receipts_from(get(t, "receipts", ""));
            if (!said) throw Wrong(t, "receipts are like \"120+60 800+3600\"");
            for (auto& document : parcel.documents) document.receipts = *said;
        }
        parcels_[waybill] = parcel;
        add_parcel(std::move(parcel), line, read_expected(t));
    }

    void read_again(const toml::table& t, std::size_t line) {
        const auto waybill = get(t, "again", "");
        if (!parcels_.contains(waybill)) throw Wrong(t, "no parcel before has this number");
        auto parcel = parcels_.at(waybill);
        parcel.kind = "again";
        parcel.documents.clear();
        parcel.grams = get(t, "grams", parcel.grams);
        parcel.on_scale = OnScale::settles;
        parcel.xray = get(t, "xray", "clear");
        if (!manner_named(parcel.xray)) throw Wrong(t, "xray is one of: " + manner_names());
        if (!t.contains("expect")) throw Wrong(t, "a parcel that comes again needs an expect");
        add_parcel(std::move(parcel), line, read_expected(t));
    }

    std::optional<Truth> read_expected(const toml::table& step) {
        const auto* t = step["expect"].as_table();
        if (t == nullptr) return std::nullopt;
        only(*t, {"verdict", "class", "reason", "revisions", "result", "left", "any_decision"});
        Truth truth;
        truth.any_decision = get(*t, "any_decision", false);
        truth.decided = {get(*t, "verdict", ""), get(*t, "class", ""), get(*t, "reason", "")};
        truth.revisions = get(*t, "revisions", std::int64_t{1});
        truth.result = get(*t, "result", "diverted");
        if (t->contains("left")) truth.left = static_cast<int>(get(*t, "left", std::int64_t{0}));
        return truth;
    }

    void add_parcel(Parcel parcel, std::size_t line, std::optional<Truth> truth) {
        Step step;
        step.what = Step::What::parcel;
        step.line = line;
        step.truth = truth.value_or(Truth{});
        if (step.truth.decided.verdict.empty()) step.truth.decided = parcel.expected;
        story_.documents.insert(story_.documents.end(), parcel.documents.begin(), parcel.documents.end());
        step.parcel = std::move(parcel);
        story_.steps.push_back(std::move(step));
    }

    const Kind* known_kind(const toml::node& at, const std::string& name) {
        const auto* kind = kind_named(name);
        if (kind == nullptr) throw Wrong(at, "no kind is named '" + name + "'");
        if (needs_scale(*kind) && !story_.site.lines.front().scale) throw Wrong(at, name + " needs lines with a scale");
        return kind;
    }

    std::string next_waybill() {
        const auto number = std::to_string(90'000'000 + ++made_);
        return "SF10" + number;
    }

    Story& story_;
    std::map<std::string, Parcel> parcels_;
    int made_ = 0;
};

}  // namespace

Result<Story> read_story(const std::string& file) {
    Story story;
    story.file = file;
    try {
        Reader(story).read(toml::parse_file(file));
    } catch (const toml::parse_error& wrong) {
        return fail(Errc::refused,
                    file + ":" + std::to_string(wrong.source().begin.line) + ": " + std::string(wrong.description()));
    } catch (const std::exception& wrong) {
        return fail(Errc::refused, file + ":" + wrong.what());
    }
    return story;
}

}  // namespace hefang::hil
