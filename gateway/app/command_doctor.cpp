#include "app/commands.hpp"
#include "app/doctor.hpp"
#include "app/load_or_tell.hpp"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

const char* word_of(Found found) {
    switch (found) {
        case Found::works: return "works";
        case Found::remark: return "remark";
        case Found::fails: return "fails";
    }
    return "fails";
}

void print(const Finding& finding) {
    const auto todo = finding.todo.empty() ? "" : "; to do: " + finding.todo;
    std::printf("%-7s %s: %s%s\n", word_of(finding.found), finding.what.c_str(), finding.detail.c_str(), todo.c_str());
}

}  // namespace

int doctor_command(const std::string& config, bool json) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    const auto board = running_board(*loaded);
    auto findings = examine_machine(*loaded, board ? &*board : nullptr);
    for (auto& finding : examine_devices(*loaded, board ? &*board : nullptr)) findings.push_back(std::move(finding));
    const bool ok =
        std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.found == Found::fails; });
    if (json) {
        auto rows = nlohmann::json::array();
        for (const auto& f : findings)
            rows.push_back({{"what", f.what}, {"found", word_of(f.found)}, {"detail", f.detail}, {"todo", f.todo}});
        std::printf("%s\n", nlohmann::json{{"ok", ok}, {"findings", rows}}
                                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                                .c_str());
    } else {
        for (const auto& finding : findings) print(finding);
    }
    return ok ? exit_ok : exit_failed;
}

}  // namespace hefang::app
