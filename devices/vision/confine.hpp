#pragma once

namespace hefang::vision {

/// Takes from this process what reading pictures does not need: files and sockets of its own, other programs, more
/// memory than a picture takes, core dumps. False when the kernel refused a part that is not optional.
[[nodiscard]] bool confine();

/// The processor time that one picture may take from now on, in whole seconds; then the process is ended.
void allow_cpu_seconds();

constexpr unsigned most_cpu_s = 15;                         ///< of one picture; above any budget and its decoding
constexpr unsigned long long most_memory = 2048ULL << 20U;  ///< of addresses, shared libraries included

}  // namespace hefang::vision
