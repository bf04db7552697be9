#include "web/restricted.hpp"

#include <string_view>

namespace hefang::web {
namespace {

// A quote inside a JSON string is written \", so neither name can be found in a text that a label or a message brought.
constexpr std::string_view status_name = R"("status":"5)", smuggling_state = R"("state":"Y")";
constexpr std::size_t letter = smuggling_state.size() - 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string for_staff(std::string json) {
    for (auto at = json.find(status_name); at != std::string::npos; at = json.find(status_name, at)) {
        at += status_name.size();
        if (at + 2 >= json.size() || !is_digit(json[at]) || !is_digit(json[at + 1]) || json[at + 2] != '"') continue;
        if (json[at] != '0' || json[at + 1] != '0') json.replace(at, 2, "xx");
    }
    for (auto at = json.find(smuggling_state); at != std::string::npos; at = json.find(smuggling_state, at)) {
        json[at + letter] = 'T';
    }
    return json;
}

}  // namespace hefang::web
