#include "receiver/turn_lock.hpp"

#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::receiver {
namespace {

constexpr int most_rounds = 5000;
constexpr std::chrono::milliseconds round_length{1};

}  // namespace

TurnLock::TurnLock(const std::string& file) : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "lock file '" + file + "'");
}

TurnLock::~TurnLock() { ::close(fd_); }

TurnLock::Turn::Turn(TurnLock& lock) : fd_(lock.fd_) {
    for (int round = 0; ::flock(fd_, LOCK_EX | LOCK_NB) != 0; ++round) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || round == most_rounds) {
            throw std::system_error(errno, std::generic_category(), "another writer keeps the database");
        }
        std::this_thread::sleep_for(round_length);
    }
}

TurnLock::Turn::~Turn() { ::flock(fd_, LOCK_UN); }

}  // namespace hefang::receiver
