#include "hil/agenda.hpp"
#include "hil/commands.hpp"
#include "hil/kinds.hpp"
#include "hil/stand.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <random>

namespace hefang::hil {
namespace {

constexpr Ms parcel_every{1150};
constexpr Ms fault_every{20'000};
constexpr std::size_t batch = 20;

/// One draw in a hundred each; the rest is released.
struct Share {
    const char* kind;
    unsigned percent;
};
constexpr Share mix[] = {{"awaiting", 6},   {"inspect", 5},         {"refused", 3}, {"no-read", 4},
                         {"weight-off", 4}, {"unknown", 3},         {"manual", 2},  {"weight-far-off", 2},
                         {"suspended", 1},  {"detained", 1},        {"closed", 4},  {"freed", 3},
                         {"arriving", 2},   {"two-declarations", 1}};

class Demo {
  public:
    Demo(Stand& stand, const DemoOptions& options) : stand_(stand), options_(options), random_(options.seed) {}

    Result<void> run() {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options_.seconds);
        agenda_.in(Ms(0), [this] { next_parcel(); });
        agenda_.in(fault_every, [this] { next_fault(); });
        agenda_.in(Ms(0), [this] { look(); });
        while (failed_.has_value() && !stand_.stop().requested()) {
            if (options_.seconds > 0 && std::chrono::steady_clock::now() >= end) break;
            agenda_.run_due();
            (void)stand_.stop().wait_for(agenda_.next(Ms(50)));
        }
        return failed_;
    }

    /// Declarations and receipts of the next parcels.
    Result<void> declare_batch(bool by_command) {
        std::vector<Document> documents;
        while (line_up_.size() < 2 * batch) {
            line_up_.push_back(draw());
            const auto& parcel = line_up_.back();
            documents.insert(documents.end(), parcel.documents.begin(), parcel.documents.end());
        }
        if (documents.empty()) return {};
        const auto declared = stand_.writer.inventories(documents);
        const auto receipts = stand_.writer.receipts(documents);
        if (by_command) return stand_.import({{"CEB621", declared}, {"CEB622", receipts}});
        if (const auto put = stand_.drop(declared, "CEB621"); !put) return tl::unexpected(put.error());
        if (const auto put = stand_.drop(receipts, "CEB622"); !put) return tl::unexpected(put.error());
        return {};
    }

  private:
    Line& line() { return *stand_.lines.front(); }
    void note(const Result<void>& done) {
        if (!done) failed_ = done;
    }

    Parcel draw() {
        auto drawn = random_() % 100;
        const char* kind = "released";
        for (const auto& share : mix) {
            if (drawn < share.percent) {
                kind = share.kind;
                break;
            }
            drawn -= share.percent;
        }
        char waybill[32];
        std::snprintf(waybill, sizeof waybill, "YT88%08u", 76543000U + ++drawn_);
        return make_parcel(*kind_named(kind), waybill, 600 + static_cast<std::int64_t>(random_() % 1000) / 5 * 5);
    }

    void next_parcel() {
        agenda_.in(parcel_every, [this] { next_parcel(); });
        if (line_up_.size() < batch) note(declare_batch(false));
        if (!again_.empty() && random_() % 4 == 0) {
            pass(again_.front());
            again_.pop_front();
            return;
        }
        Parcel parcel = std::move(line_up_.front());
        line_up_.pop_front();
        if (parcel.kind == "awaiting" || parcel.kind == "manual" || parcel.kind == "inspect") release_later(parcel);
        if (parcel.kind == "weight-off") come_again(parcel, Ms(20'000), parcel.documents.front().grams);
        if (parcel.kind == "released" && random_() % 40 == 0)
            come_again(parcel, Ms(9000), parcel.grams);  // a doubled number
        if (parcel.kind == "released" && random_() % 30 == 0)
            agenda_.in(Ms(800), [this, parcel] { say_later(parcel, "500", 10'000); });  // before its divert
        pass(parcel);
    }

    void pass(const Parcel& parcel) {
        (void)line().induct();
        agenda_.in(Ms(60), [this, codes = parcel.codes] { (void)line().scan(codes, std::nullopt); });
        agenda_.in(Ms(80), [this, grams = parcel.grams] { line().scale->put(Grams{grams}); });
        agenda_.in(Ms(640), [this] { line().scale->clear(); });
    }

    void come_again(Parcel parcel, Ms delay, std::int64_t grams) {
        parcel.grams = grams;
        agenda_.in(delay, [this, parcel] { again_.push_back(parcel); });
    }

    void say_later(const Parcel& parcel, const char* status, std::int64_t after_s) {
        auto document = parcel.documents.front();
        document.receipts = {{status, after_s, false}};
        if (const auto put = stand_.drop(stand_.writer.receipts({document}), "CEB622"); !put)
            failed_ = tl::unexpected(put.error());
    }

    void release_later(const Parcel& parcel) {
        agenda_.in(Ms(15'000), [this, parcel] {
            say_later(parcel, "800", 12'000);
            come_again(parcel, Ms(3000), parcel.grams);
        });
    }

    void next_fault() {
        agenda_.in(fault_every, [this] { next_fault(); });
        switch (faults_++ % 4) {
            case 0:
                tell("the scanner's cable is pulled for 3 s");
                line().scanner->unplug();
                agenda_.in(Ms(3000), [this] { (void)line().scanner->plug(); });
                break;
            case 1:
                tell("the sorter's PLC starts anew");
                line().sorter->restart();
                break;
            case 2:
                tell("the broker is away for 8 s");
                stand_.stop_broker();
                agenda_.in(Ms(8000), [this] { note(stand_.start_broker()); });
                break;
            default:
                tell("the scale is silent for 4 s");
                line().scale->silence(true);
                agenda_.in(Ms(4000), [this] { line().scale->silence(false); });
        }
    }

    static void tell(const char* what) {
        std::printf("-- fault: %s\n", what);
        std::fflush(stdout);
    }

    void look() {
        agenda_.in(Ms(200), [this] { look(); });
        if (!stand_.gateway_running()) {
            failed_ = fail(Errc::closed, "the gateway ended: " + stand_.last_words());
            return;
        }
        const auto fresh = stand_.look();
        if (!fresh) {
            failed_ = tl::unexpected(fresh.error());
            return;
        }
        const auto& all = stand_.journal.decisions();
        for (; shown_ < all.size(); ++shown_) show(all[shown_]);
        std::fflush(stdout);
    }

    static void show(const SeenDecision& d) {
        const std::string number = d.waybill.empty() ? "(no number)" : d.waybill;
        const std::string weight = d.grams ? std::to_string(*d.grams) + " g" : "-";
        std::printf("%s  %-7s  %-14s  %-26s %7s  chute %lld%s\n", d.recorded.substr(11, 8).c_str(), d.verdict.c_str(),
                    number.c_str(), d.reasons.empty() ? "" : d.reasons.front().c_str(), weight.c_str(),
                    static_cast<long long>(d.chute), d.revision > 1 ? "  (decided anew)" : "");
    }

    Stand& stand_;
    const DemoOptions& options_;
    std::mt19937 random_;
    Agenda agenda_;
    std::deque<Parcel> line_up_, again_;
    unsigned drawn_ = 0, faults_ = 0;
    std::size_t shown_ = 0;
    Result<void> failed_;
};

Result<void> play(const DemoOptions& options, const link::Stop& stop) {
    SiteSpec site;
    site.name = "演示综合保税区 1 号仓";
    site.page_port = options.port;
    site.program_folder = options.bin;
    auto& line = site.lines.front();
    line.scale = true;
    line.sequence = false;
    auto stand = Stand::build(std::move(site), stop);
    if (!stand) return tl::unexpected(stand.error());
    if (auto up = (*stand)->start_all(); !up) return stop.requested() ? Result<void>() : up;
    std::printf("%s\n", (*stand)->page().c_str());
    std::fflush(stdout);
    Demo show(**stand, options);
    if (auto first = show.declare_batch(true); !first) return stop.requested() ? Result<void>() : first;
    auto done = show.run();
    if (!done) (*stand)->keep();
    if (!done) std::fprintf(stderr, "hefang-sim: the files are left in %s\n", (*stand)->folder().c_str());
    return done;
}

}  // namespace

int demo(const DemoOptions& options, const link::Stop& stop) {
    const auto done = play(options, stop);
    if (done) return 0;
    std::fprintf(stderr, "hefang-sim: %s\n", done.error().detail.c_str());
    return 1;
}

}  // namespace hefang::hil
