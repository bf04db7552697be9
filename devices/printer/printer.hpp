#pragma once
#include "driver/driver.hpp"
#include "link/bell.hpp"
#include "link/link.hpp"
#include "print/printer_status.hpp"
#include "printer/label_form.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace hefang::driver {

struct PrinterSettings {
    explicit PrinterSettings(LabelForm label) : form(std::move(label)) {}

    DeviceId id;
    codec::print::Language language = codec::print::Language::zpl;
    codec::print::Paper paper;
    LabelForm form;
    std::chrono::milliseconds poll{1000};    ///< between two questions for its state
    std::chrono::milliseconds answer{1000};  ///< limit of each answer
    std::int64_t job_ms = 60'000;            ///< a job that could not be sent for so long is not printed
    std::int64_t confirm_ms = 60'000;  ///< a label that was sent, and of which the printer still says that it waits
};

/// A label printer. A job is sent only to a printer that says that it is able and has nothing to do; it is printed once
/// the printer says again, twice, that nothing waits. A job of which any byte may have reached the printer is never
/// sent again. Paper out, ribbon out, head open are the device's condition.
/// Counters: jobs, printed, not-printed, unknown, refused-<reason> of an answer.
class PrinterDriver final : public Driver, public PrintOutput {
  public:
    static constexpr std::size_t most_jobs = 16;        ///< that wait
    static constexpr std::size_t remembered_ids = 256;  ///< of the newest jobs
    static constexpr std::chrono::milliseconds confirm_poll{100};

    PrinterDriver(PrinterSettings settings, std::unique_ptr<link::Endpoint> endpoint);

    [[nodiscard]] Error live(Context& context) override;
    [[nodiscard]] bool print(reading::PrintJob job) override;

  private:
    struct Job {
        reading::PrintJob what;
        std::optional<BootTime> since;  ///< the driver saw it first
    };

    [[nodiscard]] Error converse(link::Link& link, Context& context);
    /// The printer's state; fails when it does not answer.
    [[nodiscard]] Result<codec::print::Status> ask(link::Link& link, Context& context);
    [[nodiscard]] Result<void> print_next(link::Link& link, Context& context);
    [[nodiscard]] Result<void> confirm(link::Link& link, Context& context, const std::string& job);
    void expire(Context& context, std::string_view why);
    void end(Context& context, const std::string& job, reading::PrintEnd how, std::string why) const;
    [[nodiscard]] std::optional<reading::PrintJob> take();

    const PrinterSettings settings_;
    const std::unique_ptr<link::Endpoint> endpoint_;
    codec::print::StatusParser parser_;
    link::Bell bell_;
    std::mutex mutex_;
    std::deque<Job> jobs_;         // guarded by mutex_
    std::deque<std::string> ids_;  // guarded by mutex_: the newest at the end
};

}  // namespace hefang::driver
