#include "link/port_owner.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace hefang::link {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 32;
constexpr std::size_t most_owners = 5;

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// True when a descriptor of the process is `device`. What may not be read, or ends meanwhile, has none.
bool has_open(const fs::path& process, const fs::path& device, const std::string& except) {
    std::error_code failed;
    for (fs::directory_iterator at(process / "fd", failed), end; !failed && at != end; at.increment(failed)) {
        std::error_code gone;
        if (at->path().filename() != except && fs::read_symlink(at->path(), gone) == device && !gone) return true;
    }
    return false;
}

std::string name_of(const fs::path& process) {
    std::ifstream file(process / "comm");
    std::string name;
    std::getline(file, name);
    return name.empty() ? "a program" : printable(name, longest_name);
}

}  // namespace

std::string owners_of(const std::string& path, int except) {
    std::error_code failed;
    const auto device = fs::canonical(path, failed);
    std::string out;
    std::size_t count = 0;
    if (failed) return out;
    for (fs::directory_iterator at("/proc", failed), end; !failed && at != end; at.increment(failed)) {
        const auto pid = at->path().filename().string();
        if (!is_number(pid)) continue;
        const bool self = pid == std::to_string(::getpid());
        if (!has_open(at->path(), device, self ? std::to_string(except) : std::string())) continue;
        if (++count > most_owners) return out + " …";
        out += (out.empty() ? "" : ", ") + name_of(at->path()) + " (pid " + pid + ")";
    }
    return out;
}

}  // namespace hefang::link
