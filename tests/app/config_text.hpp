#pragma once
#include "app/config.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

/// The good file that the tests of the configuration change piece by piece.
namespace hefang::app::sample {

// Line 1 is the line of [site].
inline const std::string good = R"([site]
gateway = "ncbz-bw03-g07"
kind = "bonded-warehouse"
[store]
path = "/var/lib/hefang"
[web]
listen = "127.0.0.1:8080"
[policy]
weight_tolerance_percent = 3.0
[[device]]
id = "reader-1"
kind = "scanner"
link = "tcp://10.20.1.4:2112"
[[device]]
id = "scale-1"
kind = "scale"
protocol = "toledo-continuous"
link = "serial:///dev/ttyS1?baud=9600"
[[device]]
id = "sorter-1"
kind = "sorter"
link = "modbus-tcp://10.20.1.5:502?unit=1"
[[lane]]
id = "line-1"
flow = "parcel-sort"
reader = ["reader-1"]
scale = "scale-1"
sorter = "sorter-1"
chutes = { release = 1, inspect = 2, hold = 3 }
)";

inline std::string with(std::string_view from, std::string_view to) {
    auto text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

/// Each problem without the name of the file.
inline std::vector<std::string> problems(std::string_view text) {
    std::vector<std::string> out;
    const auto loaded = parse(text, "/etc/hefang/site.toml");
    if (loaded) return out;
    CHECK_FALSE(loaded.error().empty());
    for (const auto& problem : loaded.error()) {
        const auto line = to_text(problem);
        const std::string file = "/etc/hefang/site.toml:";
        CHECK(line.substr(0, file.size()) == file);
        CHECK(line.find('\n') == std::string::npos);
        out.push_back(line.substr(file.size()));
    }
    return out;
}

struct Row {
    const char* why;
    const char* from;               ///< stands in `good`
    const char* to;                 ///< instead
    std::vector<std::string> want;  ///< every problem, in order; "…" at an end: what follows is the catalogue's matter
};

inline void check_row(const Row& row) {
    INFO(row.why << ": " << row.to);
    const auto got = problems(with(row.from, row.to));
    const std::string_view open = "…";
    REQUIRE(got.size() == row.want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        std::string_view want = row.want[i];
        if (want.ends_with(open)) {
            want.remove_suffix(open.size());
            CHECK(got[i].substr(0, want.size()) == want);
        } else {
            CHECK(got[i] == want);
        }
    }
}

}  // namespace hefang::app::sample
