#pragma once
#include "hil/ceb_writer.hpp"
#include "hil/child.hpp"
#include "hil/journal_view.hpp"
#include "hil/scale_sim.hpp"
#include "hil/scanner_sim.hpp"
#include "hil/sorter_sim.hpp"
#include "hil/xray_sim.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hefang::hil {

/// One parcel line of the site that is built at run time.
struct LineSpec {
    std::string id = "line-1";
    bool scale = false;
    std::string scale_protocol = "toledo-continuous";  ///< one of scale_protocols()
    bool xray = false;
    bool sorter = true;
    bool sequence = true;                     ///< telegrams carry the induction's number
    std::string reader;                       ///< "wedge", or the profile of a reader on TCP; empty: one on a terminal
    std::vector<std::uint16_t> listen_ports;  ///< readers that dial in by TCP, one a port; empty: one on a terminal
    std::int64_t travel_ms = 1500;            ///< from the eye to the divert
    std::int64_t decide_within_ms = 800;
    std::int64_t command_valid_ms = 10'000;
    std::int64_t confirm_within_ms = 30'000;
    std::int64_t same_parcel_ms = 1500;
    std::map<std::string, int> chutes{{"release", 1}, {"inspect", 2}, {"hold", 3},
                                      {"wait", 4},    {"noread", 5},  {"reweigh", 6}};
};

/// The devices of one line, all simulated.
struct Line {
    LineSpec spec;
    std::unique_ptr<ScannerSim> scanner;  ///< null with listen_ports
    std::unique_ptr<ScaleSim> scale;      ///< null without
    std::unique_ptr<SorterSim> sorter;    ///< null without
    std::unique_ptr<XraySim> xray;        ///< null without
    std::uint16_t last_sequence = 0;      ///< the simulator's own count, which goes on over a restart of the PLC

    /// An item passes the eye; its number, which the story never gives twice.
    std::uint16_t induct();
    [[nodiscard]] Result<void> scan(const std::vector<std::string>& codes, std::optional<std::uint16_t> sequence);
    /// Chute of a class by the fall-backs that the map of lanes promises.
    [[nodiscard]] int chute_of(const std::string& parcel_class) const;
};

struct SiteSpec {
    std::string name = "演示仓";
    std::vector<LineSpec> lines{LineSpec{}};
    std::map<std::string, std::string> policy;  ///< key → TOML value
    std::uint16_t page_port = 0;                ///< 0: a free one
    std::string platform_folder;                ///< of the receiver's database; empty: beside the rest
    std::int64_t store_mib = 0;  ///< the store lies on a file system of its own of this size; 0: beside the rest
    std::string program_folder;  ///< empty: own_folder()
};

/// Real programs beside simulated devices: mosquitto, hefang-receiver and hefang as children on ports of the loopback,
/// files in a temporary folder. All of it is gone when the stand is, whatever the reason; the folder stays on keep().
/// For the main thread.
class Stand {
  public:
    /// Builds the devices and writes the configuration; starts nothing.
    [[nodiscard]] static Result<std::unique_ptr<Stand>> build(SiteSpec spec, const link::Stop& stop);
    ~Stand();
    Stand(const Stand&) = delete;
    Stand& operator=(const Stand&) = delete;

    /// Broker, receiver, gateway; returns when every device is up and the platform answers.
    [[nodiscard]] Result<void> start_all();
    [[nodiscard]] Result<void> start_broker();
    [[nodiscard]] Result<void> start_receiver();
    void stop_broker() { broker_.end(); }
    void stop_receiver() { receiver_.end(); }
    /// Returns when the page answers.
    [[nodiscard]] Result<void> start_gateway();
    void kill_gateway() { gateway_.kill(); }
    void freeze_gateway() const { gateway_.freeze(); }
    void thaw_gateway() const { gateway_.thaw(); }
    /// SIGTERM; fails when it had to be killed.
    [[nodiscard]] Result<void> end_gateway();
    [[nodiscard]] Result<void> await_devices(Ms limit = Ms(30'000));
    /// Takes all the space that the store's file system has left, or gives it back.
    [[nodiscard]] Result<void> fill_disk() const;
    void free_disk() const;
    [[nodiscard]] bool gateway_running() { return gateway_.running(); }
    [[nodiscard]] pid_t gateway_pid() const { return gateway_.pid(); }
    /// Of the gateway, in KiB; 0 when it does not run.
    [[nodiscard]] long resident_kib() const;

    /// Puts a message into the inbox by rename; its file name.
    [[nodiscard]] Result<std::string> drop(const std::string& xml, const std::string& kind);
    /// Hands messages over with `hefang import`, which waits for each outcome.
    [[nodiscard]] Result<void> import(const std::vector<std::pair<std::string, std::string>>& kind_and_xml);
    [[nodiscard]] Result<Ran> run(std::vector<std::string> hefang_arguments, Ms limit = Ms(60'000));
    [[nodiscard]] Result<Ran> run_receiver(std::vector<std::string> arguments);
    /// The receiver has every fact that the journal has by now.
    [[nodiscard]] Result<void> await_synced(Ms limit);

    [[nodiscard]] Result<std::size_t> look() { return journal.look(port_); }
    [[nodiscard]] std::string page() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] const link::Stop& stop() const { return stop_; }
    void keep() { keep_ = true; }
    /// The end of the gateway's log, for a person.
    [[nodiscard]] std::string last_words() const;

    JournalView journal;
    std::vector<std::unique_ptr<Line>> lines;
    const CebWriter writer;

  private:
    Stand(SiteSpec spec, const link::Stop& stop, std::string folder);
    [[nodiscard]] Result<void> build_line(const LineSpec& spec);
    [[nodiscard]] Result<void> write_configuration() const;
    [[nodiscard]] std::string devices_text() const;
    [[nodiscard]] Result<void> make_store_folder() const;
    [[nodiscard]] std::string receiver_db() const;
    [[nodiscard]] bool await_session(const SorterSim& sorter, Ms limit) const;

    SiteSpec spec_;
    const link::Stop& stop_;
    const std::string folder_;
    std::uint16_t port_ = 0, broker_port_ = 0;
    std::uint64_t files_ = 0;
    bool keep_ = false;
    Child broker_, receiver_, gateway_;  // ended in the opposite order
};

}  // namespace hefang::hil
