#include "link/stable_name.hpp"

#include <algorithm>
#include <vector>

namespace hefang::link {
namespace {

namespace fs = std::filesystem;

/// The first by name of the links in `folder` that lead to `device`.
std::string link_to(const fs::path& device, const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
        std::error_code dangling;
        if (fs::canonical(at->path(), dangling) == device && !dangling) found.push_back(at->path().string());
    }
    return found.empty() ? std::string() : *std::min_element(found.begin(), found.end());
}

}  // namespace

std::string stable_name(const fs::path& path, const fs::path& names) {
    std::error_code failed;
    const auto device = fs::canonical(path, failed);
    if (failed) return {};
    auto name = link_to(device, names / "by-id");
    return name.empty() ? link_to(device, names / "by-path") : name;
}

bool is_by_chance(const fs::path& path) {
    const auto name = path.filename().string();
    return path.parent_path() == "/dev" && (name.starts_with("ttyUSB") || name.starts_with("ttyACM"));
}

}  // namespace hefang::link
