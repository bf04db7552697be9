#include "web/restricted.hpp"

#include <string_view>

namespace hefang::web {
namespace {

// A quote inside a JSON string is written \", so no name can be found in a text that a label or a message brought.
constexpr std::string_view status_name = R"("status":"5)", state_name = R"("state":")", hash_name = R"("prevhash":")";
constexpr std::string_view alarms_name = R"("alarms":[)", telling_alarm = R"("release-after-end")";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void mask_statuses(std::string& json) {
    for (auto at = json.find(status_name); at != std::string::npos; at = json.find(status_name, at)) {
        at += status_name.size();
        if (at + 2 >= json.size() || !is_digit(json[at]) || !is_digit(json[at + 1]) || json[at + 2] != '"') continue;
        if (json[at] != '0' || json[at + 1] != '0') json.replace(at, 2, "xx");
    }
}

/// After a release smuggling is still Y, any other detention is Q.
void mask_states(std::string& json) {
    for (auto at = json.find(state_name); at != std::string::npos; at = json.find(state_name, at)) {
        at += state_name.size();
        if (at + 1 < json.size() && (json[at] == 'Y' || json[at] == 'Q') && json[at + 1] == '"') json[at] = 'T';
    }
}

/// Words of alarm are the gateway's own: none holds a bracket. A list that is empty then was never there.
void drop_telling_alarm(std::string& json) {
    for (auto at = json.find(alarms_name); at != std::string::npos; at = json.find(alarms_name, at + 1)) {
        const auto first = at + alarms_name.size(), end = json.find(']', first), word = json.find(telling_alarm, first);
        if (end == std::string::npos || word == std::string::npos) return;
        if (word > end) continue;
        if (end - first == telling_alarm.size()) {
            json.erase(at, end + (json[end + 1] == ',' ? 2 : 1) - at);
        } else {
            json.erase(word == first ? word : word - 1, telling_alarm.size() + 1);
        }
    }
}

/// The hash of the fact before is that of its true bytes: with 99 codes to try it gives away the one that was masked.
void drop_hashes(std::string& json) {
    for (auto at = json.find(hash_name); at != std::string::npos; at = json.find(hash_name, at)) {
        auto end = json.find('"', at + hash_name.size());
        if (end == std::string::npos) return;
        if (++end < json.size() && json[end] == ',') ++end;
        json.erase(at, end - at);
    }
}

}  // namespace

std::string for_staff(std::string json) {
    mask_statuses(json);
    mask_states(json);
    drop_telling_alarm(json);
    drop_hashes(json);
    return json;
}

}  // namespace hefang::web
