#pragma once
#include "base/strong.hpp"
#include "link/address.hpp"

#include <map>
#include <memory>
#include <string>

namespace hefang::codec {
struct RegisterMap;
}

namespace hefang::driver {

/// One `[[device]]` of the configuration, as the catalogue and the drivers read it.
/// `settings` holds every further key of the table in its text form: whole numbers in decimal, booleans "true" or
/// "false", lists joined by '\n'. Which keys a kind knows, and what values they take, stands in the catalogue.
struct DeviceConfig {
    DeviceId id;
    std::string kind;      ///< "scanner", "scale", "sorter"
    std::string protocol;  ///< empty where the kind has only one
    link::LinkAddress link;
    std::map<std::string, std::string> settings;
    /// What the file that the setting `map` of a scale names holds; null: none. Carried here, looked into by the
    /// driver.
    std::shared_ptr<const codec::RegisterMap> registers = nullptr;
};

}  // namespace hefang::driver
