#pragma once
#include <string>

namespace hefang::receiver {

/// Lets several processes, or several ledgers of one process, take turns at writing one database. SQLite 3.40.1 must
/// not write and checkpoint from two connections at the same instant ("WAL-reset bug", fixed in later versions).
class TurnLock {
  public:
    explicit TurnLock(const std::string& file);  ///< throws std::system_error
    ~TurnLock();
    TurnLock(const TurnLock&) = delete;
    TurnLock& operator=(const TurnLock&) = delete;

    class Turn {
      public:
        /// Waits at most 5 s for the others, then throws std::system_error.
        explicit Turn(TurnLock& lock);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        int fd_;
    };

  private:
    int fd_;
};

}  // namespace hefang::receiver
