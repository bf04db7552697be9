#pragma once
#include "base/counters.hpp"
#include "base/result.hpp"
#include "link/descriptor.hpp"
#include "link/fd_link.hpp"
#include "link/stop.hpp"
#include "sight/sight.hpp"

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hefang::worker {

struct WorkerLimits {
    std::chrono::milliseconds start{10'000};  ///< until its hello
    std::chrono::milliseconds beyond{2'000};  ///< for a picture, beyond its budget: decoding, the way there and back
};

/// The image worker as the gateway sees it: a process of its own that may die or hang at any picture. One picture after
/// the other; a picture at which it fails counts as unread and is never tried again, and the worker is started anew
/// for the next one. For one thread: the kernel ends the worker with the thread that started it.
/// Counters: worker-starts, worker-deaths, worker-hangs, worker-garbage, pictures, codes,
/// refused-<codec::SightRefusal>.
class Worker {
  public:
    /// `program`: path of hefang-vision. `counters` outlives the object.
    Worker(std::string program, WorkerLimits limits, Counters& counters);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Starts the worker unless it runs. Fails with not_found (no such program), refused (another version), timeout or
    /// unreachable (it ended at once), closed (stop requested).
    [[nodiscard]] Result<void> start(const link::Stop& stop);

    /// What it read of one picture, whose `id` is set here. Fails with refused (this picture holds nothing that can be
    /// read: `detail` begins with the reason), unreachable (the worker died at it), timeout (it hung), corrupt (it
    /// answered nonsense), closed (stop requested), or as start() does.
    [[nodiscard]] Result<codec::SightAnswer> look(codec::SightRequest request, const link::Stop& stop);

    [[nodiscard]] bool running() const { return pid_ > 0; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Kills it; the next look() starts another.
    void end() noexcept;

  private:
    [[nodiscard]] Result<std::string> message(std::chrono::milliseconds limit, const link::Stop& stop);
    /// Ends the worker after `why`, counts it, and says how it ended.
    [[nodiscard]] Error failed(const Error& why);
    /// The last line that the worker has printed.
    [[nodiscard]] std::string last_words();

    std::string program_;
    WorkerLimits limits_;
    Counters& counters_;
    pid_t pid_ = -1;
    std::unique_ptr<link::FdLink> link_;
    link::Descriptor complaints_;
    std::string words_;
    codec::SightFramer framer_{codec::longest_answer};
    std::uint32_t id_ = 0;
};

/// hefang-vision beside this program; where that is not, as it is installed.
[[nodiscard]] std::string worker_program();

}  // namespace hefang::worker
