#include "printer/printer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {

using codec::print::Status;
using reading::PrintEnd;

PrinterDriver::PrinterDriver(PrinterSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)), endpoint_(std::move(endpoint)), parser_(settings_.language) {}

bool PrinterDriver::print(reading::PrintJob job) {
    {
        const std::lock_guard lock(mutex_);
        if (std::find(ids_.begin(), ids_.end(), job.id) != ids_.end()) return true;
        if (jobs_.size() >= most_jobs) return false;
        ids_.push_back(job.id);
        if (ids_.size() > remembered_ids) ids_.pop_front();
        jobs_.push_back({std::move(job), std::nullopt});
    }
    bell_.ring();
    return true;
}

std::optional<reading::PrintJob> PrinterDriver::take() {
    const std::lock_guard lock(mutex_);
    if (jobs_.empty()) return std::nullopt;
    auto job = std::move(jobs_.front().what);
    jobs_.pop_front();
    return job;
}

void PrinterDriver::end(Context& context, const std::string& job, PrintEnd how, std::string why) const {
    context.counters.add(how == PrintEnd::printed ? "printed" : how == PrintEnd::unknown ? "unknown" : "not-printed");
    (void)context.sink.post(reading::LabelEnded{settings_.id, context.clock.now().boot, job, how, std::move(why)},
                            context.stop);
}

/// Jobs that have waited too long, all of them when a stop was requested, are told as not printed.
void PrinterDriver::expire(Context& context, std::string_view why) {
    const BootTime now = context.clock.now().boot;
    std::vector<std::string> over;
    {
        const std::lock_guard lock(mutex_);
        for (auto& job : jobs_) {
            if (!job.since) job.since = now;
        }
        while (!jobs_.empty() && (context.stop.requested() || now - *jobs_.front().since >= settings_.job_ms)) {
            over.push_back(std::move(jobs_.front().what.id));
            jobs_.pop_front();
        }
    }
    for (const auto& id : over) end(context, id, PrintEnd::not_printed, std::string(why));
}

Result<Status> PrinterDriver::ask(link::Link& link, Context& context) {
    parser_.drop();
    const auto sent = link.write_all(codec::print::status_query(settings_.language), settings_.answer, context.stop);
    if (!sent) return tl::unexpected(sent.error());
    const auto limit = std::chrono::steady_clock::now() + settings_.answer;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now());
        if (left.count() <= 0) return fail(Errc::timeout, "the printer does not say how it is");
        std::array<char, 512> buffer{};
        const auto n = link.read_some(buffer, left, context.stop);
        if (!n) return tl::unexpected(n.error());
        const auto fed = parser_.feed({buffer.data(), *n});
        if (fed.refused) context.counters.add("refused-" + std::string(codec::print::name(*fed.refused)));
        if (!fed.status) continue;
        context.alive(Sign::data);
        context.condition(codec::print::in_words(*fed.status));
        return *fed.status;
    }
}

/// Once nothing waits in two answers: the first may have been given before the label was read.
Result<void> PrinterDriver::confirm(link::Link& link, Context& context, const std::string& job) {
    const BootTime sent = context.clock.now().boot;
    Status last;
    for (int idle = 0; idle < 2;) {
        if (context.clock.now().boot - sent >= settings_.confirm_ms) {
            const auto words = codec::print::in_words(last);
            end(context, job, PrintEnd::unknown, words.empty() ? "the printer does not say that it is done" : words);
            return {};
        }
        if (context.stop.wait_for(confirm_poll)) {
            end(context, job, PrintEnd::unknown, "the gateway stopped before the printer was done");
            return fail(Errc::closed, "stop was requested");
        }
        auto status = ask(link, context);
        if (!status) {
            end(context, job, PrintEnd::unknown, "the printer was lost: " + status.error().detail);
            return tl::unexpected(status.error());
        }
        last = *status;
        idle = last.idle() ? idle + 1 : 0;
    }
    end(context, job, PrintEnd::printed, {});
    return {};
}

Result<void> PrinterDriver::print_next(link::Link& link, Context& context) {
    const auto job = take();
    if (!job) return {};
    context.counters.add("jobs");
    const auto bytes = settings_.form.with(job->fields).and_then([&](const codec::print::Label& label) {
        return codec::print::encode(label, settings_.paper, settings_.language);
    });
    if (!bytes) {
        end(context, job->id, PrintEnd::not_printed, bytes.error().detail);
        return {};
    }
    const auto sent = link.write_all(*bytes, settings_.answer, context.stop);
    if (!sent) {
        end(context, job->id, PrintEnd::unknown, "the link broke while it was sent: " + sent.error().detail);
        return sent;
    }
    return confirm(link, context, job->id);
}

Error PrinterDriver::converse(link::Link& link, Context& context) {
    while (!context.stop.requested()) {
        const auto status = ask(link, context);
        if (!status) return status.error();
        const auto words = codec::print::in_words(*status);
        expire(context, words.empty() ? "the printer is busy" : words);
        if (status->idle()) {
            if (auto done = print_next(link, context); !done) return done.error();
        }
        const bool more = [&] {
            const std::lock_guard lock(mutex_);
            return !jobs_.empty();
        }();
        bell_.wait(more ? confirm_poll : settings_.poll, context.stop);
    }
    return {Errc::closed, "stop was requested"};
}

Error PrinterDriver::live(Context& context) {
    expire(context, "the printer cannot be reached");
    auto link = endpoint_->open(settings_.poll, context.stop);
    const Error why = link ? converse(**link, context) : link.error();
    expire(context, context.stop.requested() ? "the gateway stopped" : "the printer cannot be reached");
    return why;
}

}  // namespace hefang::driver
