#include "bench/table.hpp"

#include <CLI/CLI.hpp>

/// Every figure of the gateway beside the floor of the machine, measured in the same run.
int main(int argc, char** argv) {
    using namespace hefang::bench;
    CLI::App program{"Measures the gateway beside floors taken in the same run", "hefang-bench"};
    Scale scale;
    bool quick = false;
    std::vector<std::string> only;
    program.add_flag("--quick", quick, "small histories and 5 s of latency: for a look, not for a verdict");
    program.add_option("--seconds", scale.seconds, "of each latency run");
    program.add_option("--only", only, "burst latency import verify drain start devices camera");
    CLI11_PARSE(program, argc, argv);
    if (quick) scale = {5, 20'000, 20'000, 20'000, 40};
    const auto wanted = [&](const char* name) {
        return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
    };
    print({"figure", "measured", "floor", "ratio", "aim", "samples"});
    if (wanted("latency")) bench_latency(scale);
    if (wanted("burst")) bench_burst(scale);
    if (wanted("verify")) bench_verify(scale);
    if (wanted("import")) bench_import(scale);
    if (wanted("drain")) bench_drain(scale);
    if (wanted("start")) bench_start(scale);
    if (wanted("devices")) bench_devices(scale);
    if (wanted("camera")) bench_camera(scale);
    return 0;
}
