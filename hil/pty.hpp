#pragma once
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hefang::hil {

/// A pair of pseudo-terminals in raw mode: the program under test opens path(), the simulator holds the other end.
/// For one thread. Non-blocking: a reader that does not read makes write() give up after a second.
class Pty {
  public:
    /// `link`: a symbolic link that is made, or pointed anew, to the terminal, like the names in /dev/serial/by-id;
    /// empty: none. It is removed with the pair.
    [[nodiscard]] static Result<Pty> open(std::string link = {});
    ~Pty() { unplug(); }
    Pty(Pty&& other) noexcept;
    Pty& operator=(Pty&& other) noexcept;

    /// The link where there is one, else the terminal itself.
    [[nodiscard]] const std::string& path() const { return link_.empty() ? slave_path_ : link_; }
    [[nodiscard]] bool plugged() const { return master_ >= 0; }
    /// For poll(); −1 while it is unplugged.
    [[nodiscard]] int fd() const { return master_; }
    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// What the program under test wrote since, at most 4096 bytes; empty when nothing.
    [[nodiscard]] std::string read();
    /// The cable is pulled: the program's descriptor says EIO from now on, and the name is gone.
    void unplug() noexcept;

  private:
    Pty() = default;
    int master_ = -1;
    int slave_ = -1;  // held open, so that the pair lives while the program is not connected
    std::string slave_path_;
    std::string link_;
};

}  // namespace hefang::hil
