#pragma once
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "driver/kind.hpp"
#include "link/watched_folder.hpp"
#include "sidecar/sidecar.hpp"
#include "xray/scan_names.hpp"
#include "xray/vocabulary.hpp"

#include <cstdint>
#include <string>

namespace hefang::driver {

struct XraySettings {
    DeviceId id;
    link::FolderAddress folder;
    std::uint8_t views = 1;            ///< pictures of one parcel
    std::string view_separator = "_";  ///< before the view's digit in a file's name; with several views only
    codec::SidecarFields fields;
    ScreeningWords words;
    link::WatchedFolder::Limits limits;
};

/// Reads `config`, which passed check() and has a folder link.
[[nodiscard]] XraySettings xray_settings(const DeviceConfig& config);

/// An inspection machine whose console drops a picture for each view of a parcel, and a side-car with the judgement,
/// into a folder. Each picture is kept for good first; of a side-car, which may name persons, only its hash and the
/// texts that are used remain. Then the file is said, then taken out of the folder: after a crash in between it is
/// taken once more, as one of unknown age, which fits no parcel. What is refused stays in the folder. A file that could
/// not be kept or taken out ends the life of the link; the next one finds it again. Counters: files, pictures,
/// judgements, tip, unknown-result, unknown-tip, without-result, changed-meanwhile, refused-<reason> of picture,
/// side-car and folder, refused-other-file, refused-no-view, refused-bad-view, refused-bad-sequence.
class XrayDriver final : public Driver {
  public:
    XrayDriver(XraySettings settings, decltype(Surroundings::keep) keep)
        : settings_(std::move(settings)), keep_(std::move(keep)) {}
    [[nodiscard]] Error live(Context& context) override;

  private:
    /// Takes one file; an error ends this life.
    [[nodiscard]] Result<void> take(const link::Arrival& file, link::WatchedFolder& folder, Context& context);
    /// The reading that the file is; a refusal is counted, and there is none.
    [[nodiscard]] Result<std::optional<reading::Reading>> read_picture(const link::Arrival& file, const DropName& name,
                                                                       const std::string& bytes, Context& context);
    [[nodiscard]] std::optional<reading::Reading> read_sidecar(const link::Arrival& file, const DropName& name,
                                                               const std::string& bytes, Context& context);
    [[nodiscard]] reading::ImageJudged judged(const codec::Sidecar& said, Context& context) const;

    XraySettings settings_;
    decltype(Surroundings::keep) keep_;
    ScanNames names_;
};

}  // namespace hefang::driver
