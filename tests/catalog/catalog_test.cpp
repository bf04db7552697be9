#include "catalog/catalog.hpp"

#include "hil/scale_sim.hpp"
#include "weight/register_map.hpp"
#include "weight/weight_line.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;

namespace {

const link::LinkAddress serial = link::SerialAddress{"/dev/ttyS0"};
const link::LinkAddress modbus = link::ModbusTcpAddress{"10.20.1.5"};
const link::LinkAddress hid = link::HidAddress{"/dev/input/event3"};

/// One of the first scheme that the row takes.
link::LinkAddress link_for(std::string_view links) {
    const auto first = links.substr(0, links.find(' '));
    if (first == "serial") return serial;
    if (first == "tcp") return link::TcpAddress{"10.20.1.5", 5084};
    if (first == "http-listen") return link::HttpListenAddress{"127.0.0.1", 8090, "/anpr"};
    if (first == "hid") return hid;
    if (first == "folder") return link::FolderAddress{"/var/spool/hefang/xray-1"};
    if (first == "http") return link::HttpAddress{"10.20.1.6"};
    return modbus;
}

DeviceConfig device(std::string kind, std::string protocol, link::LinkAddress link,
                    std::map<std::string, std::string> settings = {}) {
    return {DeviceId("d-1"), std::move(kind), std::move(protocol), std::move(link), std::move(settings)};
}

}  // namespace

TEST_CASE("every kind that is offered can be made") {
    for (const auto& row : catalog()) {
        CAPTURE(row.kind, row.protocol);
        std::map<std::string, std::string> needed;
        for (const auto& setting : row.settings)
            if (setting.required) needed.emplace(setting.name, setting.name == "map" ? "laumas-tlb" : "X");
        auto config = device(std::string(row.kind), std::string(row.protocol), link_for(row.links), needed);
        if (row.protocol == "modbus") {
            CHECK_FALSE(make(config));  // its file was not read
            config.registers = std::make_shared<const codec::RegisterMap>();
        }
        CHECK(check(config).empty());
        const auto made = make(config);
        REQUIRE(made);
        CHECK(made->driver != nullptr);
        CHECK((made->sorter != nullptr) == (row.kind == "sorter"));
        CHECK((made->relays != nullptr) == (row.kind == "io"));
        CHECK((made->barrier != nullptr) == (row.kind == "barrier"));
        CHECK((made->printer != nullptr) == (row.kind == "printer"));
        CHECK((made->display != nullptr) == (row.kind == "display"));
        for (const auto& setting : row.settings) {
            CAPTURE(setting.name);
            CHECK_FALSE(setting.meaning.empty());
            if (setting.form == Form::whole) CHECK(setting.least < setting.most);
            if (setting.form == Form::word) CHECK_FALSE(setting.words.empty());
            if (setting.form == Form::text || setting.form == Form::list) CHECK(setting.most > 0);
        }
    }
}

TEST_CASE("settings at both sides of their limits") {
    struct Row {
        const char* setting;
        const char* value;
        bool good;
    };
    const auto row = GENERATE(values<Row>({
        {"interval_g", "1", true},
        {"interval_g", "0", false},
        {"interval_g", "1000000", true},
        {"interval_g", "1000001", false},
        {"interval_g", "5.0", false},
        {"interval_g", "", false},
        {"interval_g", "-5", false},
        {"checksum", "required", true},
        {"checksum", "log_only", true},
        {"checksum", "absent", true},
        {"checksum", "off", false},
        {"checksum", "", false},
        {"checksum", "required log_only", false},
        {"window_ms", "100", true},
        {"window_ms", "99", false},
        {"silence_ms", "60000", true},
        {"silence_ms", "60001", false},
        {"rearm_ms", "0", true},
        {"samples", "2", true},
        {"samples", "1", false},
    }));
    CAPTURE(row.setting, row.value);
    const auto problems = check(device("scale", "toledo-continuous", serial, {{row.setting, row.value}}));
    CHECK(problems.empty() == row.good);
    if (!row.good) {
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].setting == row.setting);
    }
}

TEST_CASE("every layout of a weight line is offered as a protocol, and an address only where one is sent") {
    for (const auto& layout : codec::line_layouts()) {
        CAPTURE(layout.name);
        CHECK(check(device("scale", std::string(layout.name), serial)).empty());
        for (const char* address : {"0", "99"})
            CHECK(check(device("scale", std::string(layout.name), serial, {{"address", address}})).empty() ==
                  layout.addressed);
        for (const char* address : {"-1", "100", "1x", ""})
            CHECK(check(device("scale", std::string(layout.name), serial, {{"address", address}})).size() == 1);
    }
}

TEST_CASE("every scale that is offered stands on its page") {
    std::ifstream in(HEFANG_SOURCE_DIR "/docs/scales.md");
    const std::string page((std::istreambuf_iterator<char>(in)), {});
    for (const auto& row : catalog()) {
        if (row.kind != "scale") continue;
        CAPTURE(row.protocol);
        CHECK_THAT(page, Catch::Contains("`" + std::string(row.protocol) + "`"));
    }
}

TEST_CASE("every scale that is offered has a simulator") {
    std::vector<std::string> offered;
    for (const auto& row : catalog())
        if (row.kind == "scale" && row.protocol != "modbus") offered.emplace_back(row.protocol);
    auto spoken = hil::scale_protocols();
    std::sort(offered.begin(), offered.end());
    std::sort(spoken.begin(), spoken.end());
    CHECK(offered == spoken);
}

TEST_CASE("times with which the sorter's map can never work are refused, with what would be right") {
    struct Row {
        const char* setting;
        const char* value;
        const char* says;  // nothing: good
    };
    const auto row = GENERATE(values<Row>({
        {"poll_ms", "5", ""},
        {"poll_ms", "4", "from 5 to 200"},
        {"poll_ms", "200", ""},
        {"poll_ms", "201", "from 5 to 200"},
        {"heartbeat_ms", "300", ""},
        {"heartbeat_ms", "301", "from 50 to 300"},
        {"heartbeat_ms", "1000", "from 50 to 300"},
        {"answer_ms", "600", ""},
        {"answer_ms", "601", "from 50 to 600"},
        {"silence_ms", "800", ""},
        {"silence_ms", "799", "from 800 to 2000"},
        {"silence_ms", "2000", ""},
        {"silence_ms", "2001", "from 800 to 2000"},
    }));
    CAPTURE(row.setting, row.value);
    const auto problems = check(device("sorter", "", modbus, {{row.setting, row.value}}));
    CHECK(problems.empty() == (std::string(row.says).empty()));
    if (problems.empty()) return;
    CHECK(problems[0].setting == row.setting);
    CHECK_THAT(problems[0].what, Catch::Contains(row.says));
}

TEST_CASE("times of a scale over Modbus, at both sides of their limits; its links, and a map that must be named") {
    const auto good = [](const char* name, const char* value) {
        return check(device("scale", "modbus", modbus, {{"map", "laumas-tlb"}, {name, value}})).empty();
    };
    for (const auto& [name, least, most] : {std::tuple{"poll_ms", 10, 300}, {"answer_ms", 50, 2000}}) {
        CAPTURE(name);
        CHECK(good(name, std::to_string(least).c_str()));
        CHECK_FALSE(good(name, std::to_string(least - 1).c_str()));
        CHECK(good(name, std::to_string(most).c_str()));
        CHECK_FALSE(good(name, std::to_string(most + 1).c_str()));
    }
    const auto problems = [](const link::LinkAddress& link, std::map<std::string, std::string> settings) {
        return check(device("scale", "modbus", link, std::move(settings)));
    };
    CHECK(problems(link::ModbusRtuAddress{{.path = "/dev/ttyS1"}, 3}, {{"map", "x"}}).empty());
    CHECK(problems(serial, {{"map", "x"}}).at(0).setting == "link");
    CHECK(problems(modbus, {}).at(0).setting == "map");
}

TEST_CASE("every sorter time that is allowed keeps within the PLC's watchdog of 1 s and its heartbeat of 0.4 s") {
    std::map<std::string_view, Setting> times;
    for (const auto& row : catalog()) {
        if (row.kind != "sorter") continue;
        for (const auto& setting : row.settings) times.emplace(setting.name, setting);
    }
    CHECK(times.at("heartbeat_ms").most + times.at("answer_ms").most < 1000);
    CHECK(times.at("silence_ms").least > 400 + times.at("poll_ms").most);
    CHECK(times.at("silence_ms").least > times.at("heartbeat_ms").most + times.at("poll_ms").most);
}

TEST_CASE("texts and lists have limits too") {
    const auto good = [](const char* name, std::string value) {
        return check(device("scanner", "", serial, {{name, std::move(value)}})).empty();
    };
    CHECK(good("separator", ","));
    CHECK(good("separator", "12345678"));
    CHECK_FALSE(good("separator", "123456789"));
    CHECK_FALSE(good("separator", ""));
    CHECK(good("no_read", ""));
    CHECK(good("no_read", "NoRead\n?"));
    CHECK_FALSE(good("no_read", "NoRead\n\n?"));
    CHECK_FALSE(good("no_read", "A\n" + std::string(65, 'x')));
    CHECK(good("suffix", "stx-etx"));
    CHECK_FALSE(good("suffix", "nul"));
    CHECK(good("aim", "true"));
    CHECK_FALSE(good("aim", "yes"));
}

TEST_CASE("a reader without a protocol is the generic one") {
    REQUIRE(row_of("scanner", "") != nullptr);
    CHECK(row_of("scanner", "")->protocol == "generic");
    CHECK(row_of("scanner", "sick-clv")->protocol == "sick-clv");
    CHECK(row_of("scanner", "sick") == nullptr);
    CHECK(row_of("scale", "") == nullptr);
    CHECK(row_of("sorter", "") != nullptr);
}

TEST_CASE("a station that scans and weighs stands where a reader or a scale is named, and nothing else does") {
    for (const auto& row : catalog()) {
        CAPTURE(row.kind, row.protocol);
        for (const char* kind : {"scanner", "scale", "sorter"})
            CHECK(serves(row, kind) == (row.kind == kind || (row.kind == "dws" && std::string_view(kind) != "sorter")));
    }
}

TEST_CASE("the trigger is the gateway's only where the reader's command is known or said") {
    const auto good = [](const char* protocol, std::map<std::string, std::string> said) {
        return check(device("scanner", protocol, serial, std::move(said))).empty();
    };
    for (const char* known : {"cognex-dataman", "keyence-sr", "sick-clv"}) CHECK(good(known, {{"trigger", "gateway"}}));
    for (const char* unknown : {"", "generic", "hikrobot", "datalogic"}) {
        CHECK_FALSE(good(unknown, {{"trigger", "gateway"}}));
        CHECK(good(unknown, {{"trigger_on", "T1"}, {"trigger_off", "T0"}}));
    }
}

TEST_CASE("the fields of a station are told as a whole") {
    struct Row {
        const char* why;
        std::map<std::string, std::string> said;
        const char* setting;  // nothing: good
        const char* says;
    };
    std::string many = "barcode";
    for (int i = 0; i < 31; ++i) many += "\n-";
    const auto row = GENERATE_COPY(values<Row>({
        {"the usual ones", {}, "", ""},
        {"others", {{"fields", "weight\nbarcode\n-\n-"}}, "", ""},
        {"one that nobody knows", {{"fields", "barcode\nmass"}}, "fields", "'mass' is none of: barcode weight"},
        {"one twice", {{"fields", "barcode\nweight\nweight"}}, "fields", "'weight' stands twice"},
        {"no code", {{"fields", "weight\nlength"}}, "fields", "no 'barcode'"},
        {"as many as there may be", {{"fields", many}}, "", ""},
        {"one more", {{"fields", many + "\n-"}}, "fields", "more than 32"},
        {"the last may be missing", {{"fields", "barcode\nimage"}, {"optional_fields", "1"}}, "", ""},
        {"all may not", {{"fields", "barcode\nimage"}, {"optional_fields", "2"}}, "optional_fields", "all 2 fields"},
        {"a comma for two things", {{"decimal", "comma"}}, "separator", "decimal sign already"},
        {"a comma for one", {{"decimal", "comma"}, {"separator", ";"}}, "", ""},
    }));
    INFO(row.why);
    const auto problems = check(device("dws", "", serial, row.said));
    CHECK(problems.empty() == std::string(row.setting).empty());
    if (problems.empty()) return;
    CHECK(problems[0].setting == row.setting);
    CHECK_THAT(problems[0].what, Catch::Contains(row.says));
}

TEST_CASE("what is wrong is named, all of it in one run") {
    struct Row {
        const char* why;
        DeviceConfig config;
        const char* setting;
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {"unknown kind", device("robot", "", serial), "kind", "scanner dws scale sorter"},
        {"no kind", device("", "", serial), "kind", "none of"},
        {"protocol missing", device("scale", "", serial), "protocol", "toledo-continuous toledo-short xk3190"},
        {"protocol unknown", device("scale", "mt-sic", serial), "protocol", "toledo-continuous toledo-short xk3190"},
        {"protocol where there is none", device("sorter", "s7", modbus), "protocol", "leave this out"},
        {"a reader that nobody knows", device("scanner", "sick", serial), "protocol", "sick-clv hikrobot"},
        {"a keyboard is no line", device("scanner", "wedge", serial), "link", "works over: hid"},
        {"a line is no keyboard", device("scanner", "", hid), "link", "works over: serial"},
        {"wrong link", device("scanner", "", modbus), "link", "serial tcp tcp-listen"},
        {"wrong link of a sorter", device("sorter", "", serial), "link", "modbus-tcp"},
        {"setting of another kind", device("scanner", "", serial, {{"interval_g", "5"}}), "interval_g", "no setting"},
        {"setting of another protocol", device("scale", "toledo-continuous", serial, {{"unit", "kg"}}), "unit",
         "no setting"},
    }));
    INFO(row.why);
    const auto problems = check(row.config);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].setting == row.setting);
    CHECK_THAT(problems[0].what, Catch::Contains(row.says));
    const auto made = make(row.config);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::refused);

    auto many = device("scale", "xk3190", modbus, {{"unit", "lb"}, {"samples", "0"}, {"colour", "red"}});
    many.id = DeviceId();
    CHECK(check(many).size() == 5);
}

TEST_CASE("a barrier stands only behind a board that ends every pulse by itself") {
    CHECK(check(device("barrier", "waveshare-relay", modbus)).empty());
    for (const char* board : {"adam-6060", "relay-8", "usr-io808"}) {
        CHECK(check(device("io", board, modbus)).empty());
        const auto problems = check(device("barrier", board, modbus));
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].setting == "protocol");
    }
}

TEST_CASE("what no single setting of a module, a barrier or a printer tells") {
    struct Row {
        const char* kind;
        const char* protocol;
        std::map<std::string, std::string> settings;
        const char* fault;  // the setting; nothing: good
    };
    const auto row = GENERATE(values<Row>({
        {"io", "waveshare-relay", {{"inputs", "0 chute-full no\n1 jam nc"}, {"outputs", "3 lamp"}}, ""},
        {"io", "waveshare-relay", {{"inputs", "8 chute-full no"}}, "inputs"},
        {"io", "adam-6060", {{"inputs", "6 chute-full no"}}, "inputs"},
        {"io", "adam-6060", {{"outputs", "0 lamp"}}, "outputs"},
        {"io", "adam-6060", {{"outputs", "0 lamp stays"}}, ""},
        {"io", "adam-6060", {{"outputs", "0 open stays"}}, "outputs"},
        {"barrier", "waveshare-relay", {{"emergency", "4"}}, ""},
        {"barrier", "waveshare-relay", {{"emergency", "0"}}, "emergency"},
        {"barrier", "waveshare-relay", {{"photo_eye", "0"}}, "photo_eye"},
        {"barrier", "waveshare-relay", {{"photo_eye", "7"}}, ""},
        {"barrier", "waveshare-relay", {{"photo_eye", "8"}}, "photo_eye"},
        {"barrier", "waveshare-relay", {{"stop", "0"}}, "stop"},
        {"barrier", "waveshare-relay", {{"pulse_ms", "299"}}, "pulse_ms"},
        {"barrier", "waveshare-relay", {{"pulse_ms", "501"}}, "pulse_ms"},
        {"barrier", "waveshare-relay", {{"clear_ms", "99"}}, "clear_ms"},
        {"io", "waveshare-relay", {{"debounce_ms", "29"}}, "debounce_ms"},
        {"io", "waveshare-relay", {{"debounce_ms", "101"}}, "debounce_ms"},
        {"printer", "zpl", {{"label", "text 5 5 4 {waybill}"}}, ""},
        {"printer", "zpl", {{"label", "text 5 5 {waybill}"}}, "label"},
        {"printer", "zpl", {{"font", "0^XZ"}}, "font"},
        {"printer", "tspl", {{"font", "3\""}}, "font"},
    }));
    CAPTURE(row.kind, row.protocol, row.settings);
    const auto& over = std::string(row.kind) == "printer" ? serial : modbus;
    const auto problems = check(device(row.kind, row.protocol, over, row.settings));
    CHECK(problems.empty() == std::string(row.fault).empty());
    if (!problems.empty()) CHECK(problems[0].setting == row.fault);
}
