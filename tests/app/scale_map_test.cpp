#include "app/scale_map.hpp"

#include "config_text.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::app;

namespace {

/// The made-up scale of docs/adding-a-device.md.
constexpr std::string_view good = R"(device = "Acme 100"
source = "Acme 100 manual, p. 12"
confidence = "to-confirm"
function = 4
heartbeat_at = 12
[weight]
at = 10
form = "s32"
order = "cdab"
unit = "g"
[status]
stable = "9.0"
overload = "9.1"
fault = ["9.2", "!9.3", "input 5"]
)";

std::string with(std::string_view from, std::string_view to) {
    std::string text(good);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::vector<std::string> problems(std::string_view text) {
    std::vector<std::string> out;
    if (const auto map = parse_scale_map(text, "acme.toml"); !map)
        for (const auto& problem : map.error()) out.push_back(to_text(problem));
    return out;
}

}  // namespace

TEST_CASE("scale map: a file is one value") {
    const auto map = parse_scale_map(good, "/etc/hefang/acme.toml");
    REQUIRE(map);
    codec::RegisterMap want;
    want.name = "acme";
    want.source = "to-confirm: Acme 100 manual, p. 12";
    want.function = 4;
    want.at = 10;
    want.order = codec::WordOrder::cdab;
    want.unit = codec::MassUnit::gram;
    want.beat_at = 12;
    want.status = {{codec::RegisterStatus::stable, {9, 0}},
                   {codec::RegisterStatus::overload, {9, 1}},
                   {codec::RegisterStatus::fault, {9, 2}},
                   {codec::RegisterStatus::fault, {9, 3, false}},
                   {codec::RegisterStatus::fault, {5}}};
    CHECK(*map == want);
}

TEST_CASE("scale map: the example of the documentation is this one") {
    std::ifstream in(HEFANG_SOURCE_DIR "/docs/adding-a-device.md");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    CHECK(page.find("```toml\n" + std::string(good) + "```\n") != std::string::npos);
}

TEST_CASE("scale map: every problem of a file, by its line, with what would be right") {
    struct Row {
        const char* from;
        const char* to;
        std::vector<std::string> want;
    };
    const std::vector<Row> rows{
        {"device = \"Acme 100\"\n", "", {"acme.toml:1:1: the map has no device; write device = \"maker and model\""}},
        {"confidence = \"to-confirm\"",
         "confidence = \"sure\"",
         {"acme.toml:3:14: the map: confidence is 'sure'; one of tried, manual, code, to-confirm"}},
        {"function = 4", "function = 16", {"acme.toml:4:12: the map: function is 16; a whole number from 3 to 4"}},
        {"function = 4",
         "funktion = 4",
         {"acme.toml:4:1: the map has the unknown key 'funktion'; did you mean function?"}},
        {"at = 10\nform = \"s32\"",
         "at = 65536\nform = \"s33\"",
         {"acme.toml:7:6: [weight]: at is 65536; a whole number from 0 to 65535",
          "acme.toml:8:8: [weight]: form is 's33'; did you mean 's32'?"}},
        {"at = 10\nform",
         "at = 65535\nform",
         {"acme.toml:1:1: the places of the map span 65528 from 9 to 65536 registers; at most 125: value and status "
          "must come in one answer, so leave out what lies far away",
          "acme.toml:1:1: the weight ends behind the last address; at most 65534 for 32 bits"}},
        {"order = \"cdab\"",
         "order = \"little\"",
         {"acme.toml:9:9: [weight]: order is 'little'; one of abcd, cdab, badc, dcba"}},
        {"unit = \"g\"\n", "", {"acme.toml:6:2: [weight] has no unit; write unit = \"kg\""}},
        {"unit = \"g\"",
         "unit = \"g\"\ndivisions_at = 13",
         {"acme.toml:10:8: [weight]: unit is 'g'; left out: divisions_at says it"}},
        {"unit = \"g\"",
         "unit = \"g\"\nsign = \"9.4\"",
         {"acme.toml:11:8: [weight]: sign is '9.4'; left out: this form has a sign of its own"}},
        {"\"9.0\"", "9.0", {"acme.toml:12:10: [status]: stable is 9; a text in quotes, or a list of them"}},
        {"\"9.0\"",
         "\"9.16\"",
         {"acme.toml:12:10: [status]: stable is '9.16'; \"register.bit\" (bit 0 to 15, 0 the lowest), or \"input N\"; "
          "! before it: while it is 0"}},
        {"stable =", "stabel =", {"acme.toml:12:1: [status] has the unknown key 'stabel'; did you mean stable?"}},
        {"[weight]",
         "[weigth]",
         {"acme.toml:1:1: the map has no weight; write [weight]",
          "acme.toml:6:2: the map has the unknown key 'weigth'; did you mean weight?"}},
        {"heartbeat_at = 12",
         "heartbeat_at = 200",
         {"acme.toml:1:1: the places of the map span 192 from 9 to 200 registers; at most 125: value and status must "
          "come in one answer, so leave out what lies far away"}},
    };
    for (const auto& row : rows) {
        INFO(row.to);
        CHECK(problems(with(row.from, row.to)) == row.want);
    }
    CHECK(problems("x = ").size() == 1);
    CHECK(problems(std::string(64 * 1024 + 1, '#')) ==
          std::vector<std::string>{"acme.toml: is too long; at most 64 KiB"});
}

TEST_CASE("scale map: the most that one request of the device gives is a limit too") {
    CHECK(problems(with("function = 4", "function = 4\nmost_registers = 4")).empty());
    CHECK(problems(with("function = 4", "function = 4\nmost_registers = 3")).size() == 1);
}

TEST_CASE("scale map: each shipped map is right and gives the weight of its device") {
    struct Example {
        std::vector<std::uint16_t> block;
        std::vector<std::uint8_t> inputs;
        std::int64_t grams;
    };
    const std::map<std::string, Example> examples{
        {"dini-dgt4", {{0, 1500, 0, 0, 0x0004}, {}, 1'500'000}},
        {"eagle-ei", {{0x44C3, 0}, {}, 1'560'000}},
        {"laumas-tlb", {{0x0800, 0, 1560, 0, 1500, 0, 0, 6}, {}, 1'560'000}},
        {"lider-ld1050", {{0x01F4, 0}, {}, 500'000}},
        {"mettler-ind570", {{0x4145, 0x70A4}, {}, 12'340}},
        {"minebea-pr5410", {{0, 1500}, {0, 0, 0, 0, 0, 0, 1}, 1'500'000}},
        {"pavone-dat400", {{0x0002, 0, 1500}, {}, 1'500'000}},
        {"tuna-id551pn", {{0x44C3, 0, 0, 0, 0x8000}, {}, 1'560'000}},
    };
    const auto names = shipped_scale_map_names();
    CHECK(names.size() == examples.size());
    for (const auto& name : names) {
        CAPTURE(name);
        const auto map = load_scale_map(shipped_scale_maps() / (name + ".toml"));
        REQUIRE(map);
        REQUIRE(examples.contains(name));
        const auto& example = examples.at(name);
        const auto weight = codec::decode_registers(*map, example.block, example.inputs);
        REQUIRE(weight);
        CHECK(weight->grams == Grams{example.grams});
        CHECK_FALSE(weight->motion);
    }
}

TEST_CASE("scale map: a device names a shipped map, or a file beside the configuration") {
    const std::string folder = "/tmp/hefang-map-" + std::to_string(::getpid());
    std::filesystem::create_directory(folder);
    std::ofstream(folder + "/acme.toml") << good;
    std::ofstream(folder + "/bad.toml") << with("function = 4", "function = 16");
    const auto load_with = [&](const std::string& map, const std::string& link = "modbus-tcp://10.20.1.6") {
        auto text = sample::with("protocol = \"toledo-continuous\"\nlink = \"serial:///dev/ttyS1?baud=9600\"",
                                 "protocol = \"modbus\"\nlink = \"" + link + "\"\n" + map);
        return parse(text, folder + "/site.toml");
    };
    const auto said = [&](const std::string& map) {
        std::vector<std::string> out;
        const auto loaded = load_with(map);
        for (const auto& problem : loaded ? std::vector<Problem>{} : loaded.error()) out.push_back(to_text(problem));
        return out;
    };
    const auto shipped = load_with("map = \"laumas-tlb\"");
    REQUIRE(shipped);
    REQUIRE(shipped->devices[1].registers);
    CHECK(shipped->devices[1].registers->at == 7);
    const auto own = load_with("map = \"acme.toml\"", "modbus-rtu:///dev/ttyS1?unit=3");
    REQUIRE(own);
    CHECK(own->devices[1].registers->name == "acme");
    const auto at = folder + "/site.toml:";
    CHECK(said("map = \"laumas-tbl\"") ==
          std::vector<std::string>{at + "19:7: device 'scale-1': map is 'laumas-tbl'; did you mean 'laumas-tlb'?"});
    REQUIRE(said("map = \"nothing\"").size() == 1);
    CHECK_THAT(said("map = \"nothing\"")[0], Catch::Contains("one of dini-dgt4, ") && Catch::Contains("ends in .toml"));
    CHECK(said("map = \"bad.toml\"") ==
          std::vector<std::string>{
              at + "19:7: device 'scale-1': map is 'bad.toml'; a map that can be read: see its own faults",
              folder + "/bad.toml:4:12: the map: function is 16; a whole number from 3 to 4"});
    CHECK(said("map = \"none.toml\"").size() == 2);
    CHECK_THAT(said("")[0], Catch::Contains("map: is missing"));
    std::filesystem::remove_all(folder);
}

TEST_CASE("config: Modbus units share a line when only their units differ") {
    const auto with_second = [](const std::string& link) {
        auto text =
            sample::with("protocol = \"toledo-continuous\"\nlink = \"serial:///dev/ttyS1?baud=9600\"",
                         "protocol = \"modbus\"\nmap = \"laumas-tlb\"\nlink = \"modbus-rtu:///dev/ttyS1?unit=1\"");
        const std::string second =
            "[[device]]\nid = \"scale-2\"\nkind = \"scale\"\nprotocol = \"modbus\"\nmap = \"laumas-tlb\"\nlink = \"" +
            link + "\"\n[[lane]]";
        const auto loaded = parse(text.replace(text.find("[[lane]]"), 8, second), "/etc/hefang/site.toml");
        REQUIRE_FALSE(loaded);  // at the least: it is in no lane
        return to_text(loaded.error().front());
    };
    CHECK_THAT(with_second("modbus-rtu:///dev/ttyS1?unit=2"), Catch::Contains("'scale-2' is in no lane"));
    CHECK_THAT(with_second("modbus-rtu:///dev/ttyS1?unit=1"),
               Catch::Contains("is on the line of device 'scale-1' with the same unit; a unit number of its own"));
    CHECK_THAT(with_second("modbus-rtu:///dev/ttyS1?unit=2&baud=19200"),
               Catch::Contains("is on the line of device 'scale-1' with other settings"));
}
