#pragma once
#include "app/config.hpp"
#include "base/result.hpp"
#include "core/state.hpp"
#include "store/store.hpp"

#include <string>

namespace hefang::app {

/// The durable part of the core's state, as snapshot and journal say it. The thread that writes the store calls it.
[[nodiscard]] Result<core::State> restored(const core::SiteModel& site, store::Store& store);

/// What stands around every fact of this site; `boot`: the kernel's boot id.
[[nodiscard]] evidence::Envelope envelope_of(const Config& config, const std::string& boot);

}  // namespace hefang::app
