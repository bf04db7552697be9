#pragma once
#include "base/clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

/// A folder of its own for one test, gone afterwards.
class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "hefang-customs-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Scratch() { std::filesystem::remove_all(path_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(at(name), std::ios::binary) << content;
    }
    [[nodiscard]] std::string get(const std::string& name) const {
        std::ifstream in(at(name), std::ios::binary);
        REQUIRE(in);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// Every file below, with its path from here, sorted.
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
            if (!entry.is_directory()) found.push_back(std::filesystem::relative(entry.path(), path_).string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }
    [[nodiscard]] unsigned mode(const std::string& name) const {
        return static_cast<unsigned>(std::filesystem::status(at(name)).permissions());
    }

  private:
    std::filesystem::path path_;
};

/// Time that moves only when the test says so.
class ManualClock final : public hefang::Clock {
  public:
    [[nodiscard]] hefang::Now now() const override { return time; }
    hefang::Now time;
};
