#pragma once
#include "played/played.hpp"

#include <string>
#include <vector>

namespace hefang::test {

/// A played device that takes commands: what the driver wrote, each with the milliseconds since the stage began.
class Commanded {
  public:
    explicit Commanded(Stage& stage) : stage_(stage), began_(stage.clock.boot) {}

    [[nodiscard]] std::unique_ptr<link::Endpoint> endpoint() { return std::make_unique<Endpoint>(*this); }
    /// "0 LON 5000 LOFF"
    [[nodiscard]] std::string told() const {
        std::string out;
        for (const auto& one : told_) out += (out.empty() ? "" : " ") + one;
        return out;
    }
    bool deaf = false;  ///< writing fails

  private:
    class Link final : public link::Link {
      public:
        explicit Link(Commanded& of) : of_(of), inner_(of.stage_.script) {}
        Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit,
                                      const link::Stop& stop) override {
            return inner_.read_some(into, limit, stop);
        }
        Result<void> write_all(std::string_view bytes, std::chrono::milliseconds, const link::Stop&) override {
            if (of_.deaf) return fail(Errc::unreachable, "nobody there");
            std::string text;
            for (const char c : bytes)
                if (c > ' ' || c == ' ') text += c;
            of_.told_.push_back(std::to_string(of_.stage_.clock.boot - of_.began_) + " " +
                                (text.empty() ? "ACK" : text));
            return {};
        }
        void close() noexcept override {}

      private:
        Commanded& of_;
        ScriptLink inner_;
    };
    class Endpoint final : public link::Endpoint {
      public:
        explicit Endpoint(Commanded& of) : of_(of) {}
        Result<std::unique_ptr<link::Link>> open(std::chrono::milliseconds, const link::Stop&) override {
            return std::make_unique<Link>(of_);
        }

      private:
        Commanded& of_;
    };

    Stage& stage_;
    BootTime began_;
    std::vector<std::string> told_;
};

}  // namespace hefang::test
