#include "bench/site.hpp"
#include "bench/table.hpp"
#include "hil/child.hpp"
#include "hil/stand.hpp"

namespace hefang::bench {
namespace {

/// Inventories and facts put straight into the store, as an import and a burst would.
void fill(const std::string& folder, const Scale& scale) {
    TurnSite site(folder, 4, "sim-g01");  // as the stand's gateway is named
    auto& inlet = site.mailbox.inlet(app::import_inlet);
    for (int done = 0; done < scale.inventories;) {
        customs::Judged judged;
        judged.kind = "CEB621";
        judged.sha256 = std::string(64, 'c');
        for (int i = 0; i < 20'000 && done < scale.inventories; ++i, ++done) {
            core::Version version;
            version.app_status = 2;
            version.app_time = core::customs_time("20261122080000");
            version.gross = 1'250_g;
            version.logistics_code = "3601180001";
            const auto n = static_cast<std::uint64_t>(done);
            judged.declarations.push_back({{"3601980001", "C" + std::to_string(done), "", ""}, scattered(n), version});
        }
        std::sort(judged.declarations.begin(), judged.declarations.end(),
                  [](const auto& a, const auto& b) { return a.waybill < b.waybill; });
        auto file = std::make_shared<app::PendingImport>("fill.xml", std::move(judged));
        (void)inlet.post(app::Message(app::FileJudged{file}));
        while (!file->wait(std::chrono::milliseconds(0))) site.turn->turn();
    }
    const auto count = static_cast<std::uint64_t>(scale.passages);
    for (std::uint64_t next = 0; site.facts < count;) {
        while (next < count && site.scan(static_cast<int>(next % 4), "P" + scattered(next))) ++next;
        site.turn->turn();
    }
    // As after some seconds of rest: what a burst leaves behind would be read again by the start, up to tail_limit
    // facts.
    while (site.store->index_some(5'000).value_or(0) > 0) (void)site.store->checkpoint_if(store::Pace::quiet);
    site.turn->end();
}

}  // namespace

void bench_start(const Scale& scale) {
    link::Stop stop;
    hil::SiteSpec spec;
    spec.lines[0].sorter = false;
    auto stand = hil::Stand::build(spec, stop);
    if (!stand) return;
    fill((*stand)->folder() + "/store", scale);
    auto started = (*stand)->start_gateway();  // without platform: nothing but the scan is measured
    if (started) started = (*stand)->await_devices();
    if (!started) {
        std::fprintf(stderr, "start: %s\n", started.error().detail.c_str());
        return;
    }
    // A reader that goes on and on: what it sends before its line is open again is lost above us, with every gateway.
    const auto scanned = [&](const std::string& mark) {
        int n = 0;
        return hil::eventually(stop, hil::Ms(10'000), [&] {
            (void)(*stand)->lines[0]->scan({mark + std::to_string(++n)}, std::nullopt);
            const auto newest = hil::http_get((*stand)->port(), "/api/v1/passages?limit=1");
            return newest && newest->find("\"" + mark) != std::string::npos;
        });
    };
    (void)scanned("WARM-UP-");
    const long resident = (*stand)->resident_kib();
    (*stand)->kill_gateway();
    const auto from = Steady::now();
    (void)(*stand)->start_gateway();
    const bool taken = scanned("FIRST-");
    const double first = seconds_since(from);
    const auto what = std::to_string(scale.inventories) + " inventories, " + std::to_string(scale.passages) + " facts";
    print({"resident memory", format("%.1f MB", static_cast<double>(resident) / 1024), "-", "-", "<= 64 MB", what});
    print({"first accepted scan after kill -9", format("%.3f s", first), "-", "-", "<= 0.2 s",
           taken ? what : "NOT TAKEN"});
}

}  // namespace hefang::bench
