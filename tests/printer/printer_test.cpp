#include "printer/printer.hpp"

#include "hil/printer_sim.hpp"
#include "live/live_driver.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using codec::print::Language;
using codec::print::Status;
using driver::LabelForm;
using driver::PrinterDriver;
using hil::PrinterSim;
using reading::LabelEnded;
using reading::PrintEnd;

namespace {

driver::PrinterSettings settings(Language language) {
    driver::PrinterSettings s(LabelForm::read({"code128 5 5 12 {waybill}", "text 5 25 4 {reason}"}, 1000, 500).value());
    s.id = DeviceId("printer-1");
    s.language = language;
    s.paper.font = language == Language::zpl ? "0" : "3";
    s.poll = std::chrono::milliseconds(20);
    return s;
}

struct Rig {
    explicit Rig(Language language = Language::zpl, std::int64_t job_ms = 60'000, std::int64_t confirm_ms = 60'000)
        : sim(PrinterSim::listen(language, 50).value()),
          printer(
              [&] {
                  auto s = settings(language);
                  s.job_ms = job_ms;
                  s.confirm_ms = confirm_ms;
                  return s;
              }(),
              link::make_endpoint(link::TcpAddress{"127.0.0.1", sim->port()}).value()),
          live(printer) {}
    [[nodiscard]] bool print(const char* id) { return printer.print({id, {{"waybill", id}, {"reason", "hold"}}}); }
    std::optional<LabelEnded> ended(const std::string& id) {
        return live.probe.wait<LabelEnded>([&](const LabelEnded& l) { return l.job == id; });
    }
    std::unique_ptr<PrinterSim> sim;
    PrinterDriver printer;
    LiveDriver live;
};

}  // namespace

TEST_CASE("a job is printed once and confirmed, in both languages") {
    const auto language = GENERATE(Language::zpl, Language::tspl);
    Rig rig(language);
    REQUIRE(rig.print("j-1"));
    REQUIRE(rig.print("j-1"));  // the same job
    REQUIRE(rig.print("j-2"));
    for (const char* id : {"j-1", "j-2"}) {
        const auto end = rig.ended(id);
        REQUIRE(end);
        CHECK(end->end == PrintEnd::printed);
    }
    REQUIRE(rig.sim->labels().size() == 2);
    CHECK(rig.sim->labels()[0].find("j-1") != std::string::npos);
    CHECK(rig.sim->labels()[1].find("j-2") != std::string::npos);
}

TEST_CASE("a job waits for paper, and is printed once there is some") {
    Rig rig;
    rig.sim->set_faults({.paper_out = true});
    REQUIRE(rig.print("j-1"));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(rig.sim->labels().empty());
    rig.sim->set_faults({});
    CHECK(rig.ended("j-1")->end == PrintEnd::printed);
}

TEST_CASE("a job that cannot be sent in its time is told as not printed, with the reason, and never comes late") {
    Rig rig(Language::zpl, 200);
    rig.sim->set_faults({.ribbon_out = true, .head_open = true});
    REQUIRE(rig.print("j-1"));
    const auto end = rig.ended("j-1");
    REQUIRE(end);
    CHECK(end->end == PrintEnd::not_printed);
    CHECK(end->why == "ribbon out, head open");
    rig.sim->set_faults({});
    REQUIRE(rig.print("j-2"));
    CHECK(rig.ended("j-2")->end == PrintEnd::printed);
    CHECK(rig.sim->labels().size() == 1);
}

TEST_CASE("a link that breaks once the label was sent: unknown, and not a second label") {
    Rig rig;
    rig.sim->hang_up_at_label();
    REQUIRE(rig.print("j-1"));
    CHECK(rig.ended("j-1")->end == PrintEnd::unknown);
    REQUIRE(rig.print("j-2"));
    CHECK(rig.ended("j-2")->end == PrintEnd::printed);
    CHECK(rig.sim->labels().size() == 2);  // j-1 had come, and came once
}

TEST_CASE("a label that stays in the printer is not told as printed") {
    Rig rig(Language::zpl, 60'000, 300);
    rig.sim->jam_at_label({.paper_out = true});
    REQUIRE(rig.print("j-1"));
    const auto end = rig.ended("j-1");
    REQUIRE(end);
    CHECK(end->end == PrintEnd::unknown);
    CHECK(end->why == "paper out");
    CHECK(rig.sim->labels().empty());
}

TEST_CASE("a label with a value that is missing, or that cannot be printed, is not printed") {
    Rig rig;
    REQUIRE(rig.printer.print({"j-1", {{"waybill", "1"}}}));
    CHECK(rig.ended("j-1")->end == PrintEnd::not_printed);
    CHECK(rig.ended("j-1")->why.find("{reason}") != std::string::npos);
    REQUIRE(rig.printer.print({"j-2", {{"waybill", "待"}, {"reason", "a"}}}));
    CHECK(rig.ended("j-2")->why.find("printable ASCII") != std::string::npos);
    CHECK(rig.sim->labels().empty());
}

TEST_CASE("a printer that says nothing gets no label, and waiting jobs are bounded") {
    Rig rig;
    rig.sim->silence(true);
    for (std::size_t i = 0; i < PrinterDriver::most_jobs; ++i) REQUIRE(rig.print(std::to_string(i).c_str()));
    CHECK_FALSE(rig.print("one too many"));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // it has asked, and nobody answered
    CHECK(rig.sim->labels().empty());
    rig.live.end();
    CHECK(rig.ended("0")->end == PrintEnd::not_printed);
    CHECK(rig.ended(std::to_string(PrinterDriver::most_jobs - 1))->end == PrintEnd::not_printed);
    CHECK(rig.sim->labels().empty());
}

TEST_CASE("the lines of a label's form") {
    struct Row {
        const char* line;
        bool good;
    };
    const auto row = GENERATE(values<Row>({
        {"text 5 25 4 {reason}", true},
        {"qr 60.5 5 0.5 {waybill}|{reason}", true},
        {"code128 5 5 12 a b", true},
        {"text 5 25 4", false},
        {"text 5 25 4 ", false},
        {"text 5 25.55 4 a", false},
        {"text -5 25 4 a", false},
        {"text x 25 4 a", false},
        {"ean 5 25 4 a", false},
        {"", false},
    }));
    CAPTURE(row.line);
    CHECK(LabelForm::read({row.line}, 1000, 500).has_value() == row.good);
}
