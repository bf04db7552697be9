#include "app/config.hpp"

#include "app/config_section.hpp"
#include "config_text.hpp"
#include "core/verdict.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::sample;

TEST_CASE("a good file becomes plain values") {
    const auto loaded = parse(good, "/etc/hefang/site.toml");
    REQUIRE(loaded);
    CHECK(loaded->site.gateway == "ncbz-bw03-g07");
    CHECK(loaded->site.kind == "bonded-warehouse");
    CHECK(loaded->site.name == "ncbz-bw03-g07");
    CHECK(loaded->site.location == "ncbz-bw03-g07");
    CHECK(loaded->store.path == "/var/lib/hefang");
    CHECK_FALSE(loaded->store.limit_bytes);
    CHECK(loaded->store.free_bytes == std::array<std::int64_t, 4>{8LL << 30, 4LL << 30, 2LL << 30, 1LL << 30});
    CHECK_FALSE(loaded->platform);
    CHECK(loaded->web.host == "127.0.0.1");
    CHECK(loaded->web.port == 8080);
    REQUIRE(loaded->devices.size() == 3);
    CHECK(loaded->devices[1].protocol == "toledo-continuous");
    REQUIRE(loaded->lanes.size() == 1);
    const auto& lane = loaded->lanes[0];
    CHECK(lane.readers == std::vector{DeviceId("reader-1")});
    CHECK(lane.scale == DeviceId("scale-1"));
    CHECK(lane.sorter == DeviceId("sorter-1"));
    CHECK_FALSE(lane.interval);
    CHECK(lane.decide_within_ms == 800);
    CHECK(lane.same_parcel_ms == 1500);
    CHECK(lane.read_window.from_ms == 0);
    CHECK(lane.read_window.to_ms == 500);
    CHECK(lane.weigh_window.to_ms == 800);
    CHECK(lane.confirm_within_ms == 30'000);
    CHECK(lane.command_valid_ms == 10'000);
    CHECK(site_model(*loaded).lanes.size() == 1);
}

TEST_CASE("what is said replaces the default") {
    struct Said {
        const char* why;
        const char* from;
        const char* to;
        std::function<bool(const Config&)> holds;
    };
    const auto row = GENERATE(values<Said>({
        {"name and place", "[store]", "name = \"南昌 3 号仓\"\nlocation = \"ncbz-bw03\"\n[store]",
         [](const Config& c) { return c.site.name == "南昌 3 号仓" && c.site.location == "ncbz-bw03"; }},
        {"codes", "[store]", "customs_code = \"4002\"\noperator_code = \"360196K001\"\n[store]",
         [](const Config& c) { return c.site.customs_code == "4002" && c.site.operator_code == "360196K001"; }},
        {"a relative store starts at the file", "/var/lib/hefang", "store/a",
         [](const Config& c) { return c.store.path == "/etc/hefang/store/a"; }},
        {"a limit", "[web]", "limit_gib = 64\n[web]",
         [](const Config& c) { return c.store.limit_bytes == 64LL << 30; }},
        {"half a gibibyte", "[web]", "limit_gib = 0.5\n[web]",
         [](const Config& c) { return c.store.limit_bytes == 1LL << 29; }},
        {"fractions of free space", "[web]", "free_gib = [1, 0.5, 0.25, 0.125]\n[web]",
         [](const Config& c) {
             return c.store.free_bytes == std::array<std::int64_t, 4>{1LL << 30, 1LL << 29, 1LL << 28, 1LL << 27};
         }},
        {"a broker without port", "[web]", "[platform]\nbroker = \"mqtt://127.0.0.1\"\n[web]",
         [](const Config& c) { return c.platform && c.platform->uri() == "mqtt://127.0.0.1:1883"; }},
        {"a broker by name", "[web]", "[platform]\nbroker = \"mqtt://localhost:11883\"\n[web]",
         [](const Config& c) { return c.platform && c.platform->host == "localhost" && c.platform->port == 11883; }},
        {"a broker over IPv6", "[web]", "[platform]\nbroker = \"mqtt://[::1]:1\"\n[web]",
         [](const Config& c) { return c.platform && c.platform->uri() == "mqtt://[::1]:1"; }},
        {"no [web]", "[web]\nlisten = \"127.0.0.1:8080\"\n", "", [](const Config& c) { return c.web.port == 8080; }},
        {"the kernel's port", "127.0.0.1:8080", "127.0.0.1:0", [](const Config& c) { return c.web.port == 0; }},
        {"the last loopback address", "127.0.0.1:8080", "127.255.255.255:65535",
         [](const Config& c) { return c.web.host == "127.255.255.255" && c.web.port == 65535; }},
        {"IPv6 loopback", "127.0.0.1:8080", "[::1]:8080", [](const Config& c) { return c.web.host == "::1"; }},
        {"loopback by name", "127.0.0.1:8080", "localhost:80",
         [](const Config& c) { return c.web.host == "127.0.0.1"; }},
        {"a tenth of a percent", "percent = 3.0", "percent = 0.1",
         [](const Config& c) { return c.policy.weight_tolerance_permille == 1; }},
        {"a whole percent", "percent = 3.0", "percent = 5",
         [](const Config& c) { return c.policy.weight_tolerance_permille == 50; }},
        {"no tolerance", "percent = 3.0", "percent = 0\nweight_tolerance_g = 0",
         [](const Config& c) { return c.policy.weight_tolerance_permille == 0 && c.policy.weight_tolerance == 0_g; }},
        {"hold at once", "percent = 3.0", "percent = 3\ndegraded_release_for_min = 0\nstatus_fresh_for_min = 5",
         [](const Config& c) { return c.policy.degraded_release_for_min == 0 && c.policy.status_fresh_for_min == 5; }},
        {"a named policy", "percent = 3.0", "percent = 3\nversion = \"2026.11.20-1\"",
         [](const Config& c) { return c.policy.version == "2026.11.20-1"; }},
        {"the scale's interval", "protocol = \"toledo-continuous\"", "protocol = \"toledo-continuous\"\ninterval_g = 5",
         [](const Config& c) { return c.lanes[0].interval == 5_g; }},
        {"windows", "reader = [\"reader-1\"]",
         "reader = \"reader-1\"\nread_window_ms = [0, 0]\nweigh_window_ms = [799, 60000]",
         [](const Config& c) {
             return c.lanes[0].read_window.to_ms == 0 && c.lanes[0].weigh_window.from_ms == 799 &&
                    c.lanes[0].readers.size() == 1;
         }},
        {"a weight before the reading", "reader = [\"reader-1\"]",
         "reader = \"reader-1\"\nweigh_window_ms = [-60000, 0]",
         [](const Config& c) { return c.lanes[0].weigh_window.from_ms == -60'000; }},
        {"an X-ray machine, and the last moment that leaves time to decide", "[[lane]]\n",
         "[[device]]\nid = \"xray-1\"\nkind = \"xray\"\nresult_field = \"Scan/Result\"\nviews = 2\n"
         "link = \"folder:///var/spool/hefang/xray-1\"\n[[lane]]\nxray = \"xray-1\"\nxray_after_ms = 500\n"
         "xray_within_ms = 199\n",
         [](const Config& c) {
             return c.lanes[0].xray == DeviceId("xray-1") && c.lanes[0].image_window().from_ms == 301 &&
                    c.lanes[0].image_window().to_ms == 699 && c.devices.back().settings.at("views") == "2";
         }},
        {"times that touch", "reader = [",
         "decide_within_ms = 500\ncommand_valid_ms = 500\nconfirm_within_ms = 500\nsame_parcel_ms = 0\nreader = [",
         [](const Config& c) { return c.lanes[0].confirm_within_ms == 500 && c.lanes[0].same_parcel_ms == 0; }},
        {"no sorter", "sorter = \"sorter-1\"\nchutes = { release = 1, inspect = 2, hold = 3 }\n",
         "",  // the device must go too: see below
         [](const Config&) { return true; }},
    }));
    INFO(row.why);
    auto text = with(row.from, row.to);
    if (std::string(row.why) == "no sorter") {
        const std::string device =
            "[[device]]\nid = \"sorter-1\"\nkind = \"sorter\"\nlink = \"modbus-tcp://10.20.1.5:502?unit=1\"\n";
        text.erase(text.find(device), device.size());
    }
    const auto loaded = parse(text, "/etc/hefang/site.toml");
    if (!loaded) {
        for (const auto& problem : loaded.error()) UNSCOPED_INFO(to_text(problem));
    }
    REQUIRE(loaded);
    CHECK(row.holds(*loaded));
}

TEST_CASE("all problems are told in one run, in order of the file") {
    auto text = with("127.0.0.1:8080", "0.0.0.0:80");
    text.replace(text.find("bonded-warehouse"), 16, "bonded-warehose");
    text.replace(text.find("hold = 3"), 8, "holds = 3");
    text += "colour = 1\n";
    const auto found = problems(text);
    REQUIRE(found.size() == 5);
    CHECK_THAT(found[0], Catch::StartsWith("3:8: [site]: kind"));
    CHECK_THAT(found[1], Catch::StartsWith("7:10: [web]: listen"));
    CHECK_THAT(found[2], Catch::StartsWith("29:10: lane 'line-1': chutes lack hold"));
    CHECK_THAT(found[3], Catch::Contains("'holds'"));
    CHECK_THAT(found[4], Catch::StartsWith("30:1: lane 'line-1' has the unknown key 'colour'"));
}

TEST_CASE("a chute that is missing falls back, and never to release") {
    struct Said {
        const char* why;
        const char* chutes;
        core::ParcelClass which;
        std::int32_t want;
    };
    using C = core::ParcelClass;
    const auto row = GENERATE(values<Said>({
        {"inspect to hold", "{ release = 1, hold = 3 }", C::inspect, 3},
        {"detain to inspect", "{ release = 1, inspect = 2, hold = 3 }", C::detain, 2},
        {"detain to inspect to hold", "{ release = 1, hold = 3 }", C::detain, 3},
        {"reweigh to inspect", "{ release = 1, inspect = 2, hold = 3 }", C::reweigh, 2},
        {"wait to hold", "{ release = 1, inspect = 2, hold = 3 }", C::wait, 3},
        {"return by its name", "{ release = 1, hold = 3, return = 9 }", C::return_, 9},
        {"other-flow by its name", "{ release = 1, hold = 3, other-flow = 65535 }", C::other_flow, 65535},
        {"two classes on one chute", "{ release = 1, hold = 3, damaged = 3 }", C::damaged, 3},
    }));
    INFO(row.why);
    const auto loaded = parse(with("{ release = 1, inspect = 2, hold = 3 }", row.chutes), "/f.toml");
    REQUIRE(loaded);
    CHECK(loaded->lanes[0].chute_of(row.which) == row.want);
    for (std::size_t i = 1; i < core::class_count; ++i) CHECK(loaded->lanes[0].chutes[i] != 1);
}

TEST_CASE("the default version is the hash of the figures, and only of them") {
    const auto version = [](const std::string& text) {
        const auto loaded = parse(text, "/f.toml");
        REQUIRE(loaded);
        return loaded->policy.version;
    };
    const auto base = version(good);
    CHECK(canonical(core::Policy{}) ==
          "{\"degradedReleaseForMin\":240,\"futureLimitS\":300,\"inboxQuietForMin\":0,\"inspectMinS\":5,"
          "\"statusFreshForMin\":30,\"weightToleranceGrams\":50,\"weightTolerancePermille\":30}");
    CHECK(base == "sha256:18cb11a6c0a8c0d4");
    CHECK(version(with("percent = 3.0", "percent = 3\nweight_tolerance_g = 50")) == base);
    CHECK(version(with("ncbz-bw03-g07", "other")) == base);
    for (const auto* other :
         {"percent = 3.1", "percent = 3\nweight_tolerance_g = 51", "percent = 3\nstatus_fresh_for_min = 31",
          "percent = 3\ndegraded_release_for_min = 241", "percent = 3\ninbox_quiet_for_min = 1",
          "percent = 3\ninspect_min_s = 6", "percent = 3\nfuture_limit_s = 301"}) {
        CAPTURE(other);
        CHECK(version(with("percent = 3.0", other)) != base);
    }
}

TEST_CASE("no text makes the reader throw") {
    for (std::size_t n = 0; n <= good.size(); ++n) {
        const auto loaded = parse(std::string_view(good).substr(0, n), "f.toml");
        if (!loaded) CHECK_FALSE(loaded.error().empty());
    }
    CHECK_FALSE(parse(std::string(1024 * 1024 + 1, '#'), "f.toml"));
    CHECK_FALSE(parse(std::string(100'000, '['), "f.toml"));
    CHECK_FALSE(parse("a = " + std::string(100'000, '['), "f.toml"));
    CHECK_FALSE(parse("a" + std::string(100'000, '.') + "b = 1", "f.toml"));
    CHECK_FALSE(parse(
        "a" +
            [] {
                std::string s;
                while (s.size() < 1'000'000) s += ".a";
                return s;
            }() +
            " = 1",
        "f.toml"));
    CHECK(problems("[site]\na = 1" + std::string(65, '.'))[0] == "2:1: not TOML: more than 64 dots in one line");
    CHECK(parse("# " + std::string(1'000, '.') + "\n" + good + "# more", "f.toml"));
    CHECK_FALSE(parse("\xff\xfe = 1", "f.toml"));
    CHECK_FALSE(parse(std::string("a\0 = 1", 6), "f.toml"));
    CHECK_FALSE(parse("device = [1, 2]\nlane = 7\nsite = []\nstore = 1979-05-27", "f.toml"));
}

TEST_CASE("a file that is not there or is none is one plain line") {
    const auto nothing = load("/nonexistent/site.toml");
    REQUIRE_FALSE(nothing);
    REQUIRE(nothing.error().size() == 1);
    CHECK(to_text(nothing.error()[0]) ==
          "/nonexistent/site.toml: cannot be opened: No such file or directory; a readable TOML file");
    const auto folder = load("/");
    REQUIRE_FALSE(folder);
    CHECK(to_text(folder.error()[0]) == "/: is a folder; a readable TOML file");
}

TEST_CASE("the example site is right as it stands") {
    const auto loaded = load(std::filesystem::path(HEFANG_SOURCE_DIR) / "systemd" / "site.toml");
    if (!loaded) {
        for (const auto& problem : loaded.error()) UNSCOPED_INFO(to_text(problem));
    }
    REQUIRE(loaded);
    CHECK(loaded->site.gateway == "ncbz-bw03-g07");
    CHECK(loaded->site.name == "南昌综合保税区 3 号仓");
    CHECK(loaded->devices.size() == 3);
    REQUIRE(loaded->lanes.size() == 1);
    CHECK(loaded->lanes[0].interval == 5_g);
}

TEST_CASE("a slip of the finger is told from another word") {
    const std::vector<std::string> known{"reader", "scale", "sorter"};
    CHECK(nearest("readr", known) == "reader");
    CHECK(nearest("Reader", known) == "reader");
    CHECK(nearest("soter", known) == "sorter");
    CHECK(nearest("sctre", known) == std::nullopt);
    CHECK(nearest("", known) == std::nullopt);
    CHECK(nearest(std::string(1000, 'r'), known) == std::nullopt);
    CHECK(nearest("reader", {}) == std::nullopt);
}

namespace {

constexpr const char* station = R"([[device]]
id = "dws-1"
kind = "dws"
interval_g = 10
fields = ["barcode", "weight", "-"]
link = "tcp://10.20.1.4:5000"
[[device]]
id = "scale-1"
kind = "scale"
protocol = "toledo-continuous"
)";

/// The good site, its reader and scale replaced.
std::string with_station(std::string_view reader, std::string_view scale) {
    auto text = with(
        "[[device]]\nid = \"reader-1\"\nkind = \"scanner\"\nlink = \"tcp://10.20.1.4:2112\"\n[[device]]\nid "
        "= \"scale-1\"\nkind = \"scale\"\nprotocol = \"toledo-continuous\"\n",
        station);
    for (const auto& [from, to] : {std::pair(std::string_view("reader = [\"reader-1\"]"), reader),
                                   std::pair(std::string_view("scale = \"scale-1\""), scale)})
        text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace

TEST_CASE("a station that scans and weighs takes both places of one lane") {
    auto text = with_station("reader = [\"dws-1\"]", "scale = \"dws-1\"");
    const auto scale = text.find("[[device]]\nid = \"scale-1\"");
    text.erase(scale, text.find("[[device]]", scale + 1) - scale);  // a device of no lane would be told
    CHECK(problems(text) == std::vector<std::string>{});
    const auto loaded = parse(text, "/etc/hefang/site.toml");
    REQUIRE(loaded);
    REQUIRE(loaded->lanes.size() == 1);
    CHECK(loaded->lanes[0].readers == std::vector{DeviceId("dws-1")});
    CHECK(loaded->lanes[0].scale == DeviceId("dws-1"));
    CHECK(loaded->lanes[0].interval == 10_g);
}

TEST_CASE("a station beside other devices, and what it may not be") {
    CHECK(problems(with_station("reader = [\"dws-1\"]", "scale = \"scale-1\"")).empty());
    const auto twice = problems(with_station("reader = [\"dws-1\", \"dws-1\"]", "scale = \"dws-1\""));
    REQUIRE(twice.size() == 1);
    CHECK_THAT(twice[0], Catch::Contains("a device belongs to one lane"));
    const auto sorter = problems(with_station("reader = [\"dws-1\"]", "scale = \"sorter-1\""));
    CHECK_FALSE(sorter.empty());
}
