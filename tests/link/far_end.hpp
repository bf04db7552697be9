#pragma once
#include "link/descriptor.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace hefang::test {

/// The far end of a serial line, raw system calls only.
struct FarEnd {
    link::Descriptor master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    std::string path;
    FarEnd() {
        REQUIRE(::grantpt(master.get()) == 0);
        REQUIRE(::unlockpt(master.get()) == 0);
        path = ::ptsname(master.get());
    }
    void say(std::string_view bytes) { REQUIRE(::write(master.get(), bytes.data(), bytes.size()) > 0); }
};

}  // namespace hefang::test
