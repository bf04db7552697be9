#pragma once
#include "store/reader.hpp"
#include "web/archive.hpp"

namespace hefang::app {

/// The journal as screens read it, over a read-only connection of the web thread.
class WebArchive final : public web::Archive {
  public:
    explicit WebArchive(store::Reader reader) : reader_(std::move(reader)) {}
    [[nodiscard]] std::vector<Entry> facts(std::uint64_t from, std::size_t max) override;
    [[nodiscard]] std::uint64_t last() override;
    [[nodiscard]] Result<std::string> track_json(const std::string& number) override;

  private:
    store::Reader reader_;
};

/// {"number","waybills","inventories":[{…,"receipts":[…]}],"facts":[canonical…],"cut"}; not_found when nothing knows
/// it.
[[nodiscard]] Result<std::string> track_json(store::Reader& reader, const std::string& number, std::size_t max);

}  // namespace hefang::app
