#include <expat.h>

#include <fstream>

#include "bench/messages.hpp"
#include "bench/site.hpp"
#include "bench/table.hpp"
#include "customs/judge.hpp"

namespace hefang::bench {
namespace {

double bare_expat(const std::vector<std::string>& files, int records) {
    const auto from = Steady::now();
    for (const auto& file : files) {
        XML_Parser parser = XML_ParserCreateNS(nullptr, '|');
        XML_SetElementHandler(parser, [](void*, const XML_Char*, const XML_Char**) {}, [](void*, const XML_Char*) {});
        XML_SetCharacterDataHandler(parser, [](void*, const XML_Char*, int) {});
        std::ifstream in(file, std::ios::binary);
        std::vector<char> buffer(64 << 10);
        while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
            XML_Parse(parser, buffer.data(), static_cast<int>(in.gcount()), 0);
        XML_Parse(parser, nullptr, 0, 1);
        XML_ParserFree(parser);
    }
    return records / seconds_since(from);
}

/// Judges and takes the files as the gateway does with quiet lanes; records a second.
double take(TurnSite& site, const std::vector<std::string>& files, int records) {
    auto& inlet = site.mailbox.inlet(app::import_inlet);
    const auto from = Steady::now();
    for (const auto& path : files) {
        auto judged = customs::judge_file(path).value();
        std::sort(judged.declarations.begin(), judged.declarations.end(), [](const auto& a, const auto& b) { return a.waybill < b.waybill; });
        auto file = std::make_shared<app::PendingImport>(path, std::move(judged));
        (void)inlet.post(app::Message(app::FileJudged{file}));
        while (!file->wait(std::chrono::milliseconds(0))) site.turn->turn();
    }
    return records / seconds_since(from);
}

}  // namespace

void bench_import(const Scale& scale) {
    Folder folder;
    TurnSite site(folder.path, 1);
    for (int done = 0; done < scale.inventories; done += 5 * file_rows) {
        const auto files = write_files(folder.path, static_cast<std::uint64_t>(done), 5 * file_rows);
        (void)take(site, files, 5 * file_rows);
        for (const auto& file : files) std::filesystem::remove(file);
    }
    const auto files = write_files(folder.path, 500'000'000, scale.imported);
    const double floor = bare_expat(files, scale.imported);
    const double rate = take(site, files, scale.imported);
    print({"CEB621 import into " + std::to_string(scale.inventories) + ", lanes quiet", format("%.0f records/s", rate),
           format("%.0f/s bare expat", floor), format("%.2f", rate / floor), ">= 0.45", std::to_string(scale.imported) + " records"});
}

}  // namespace hefang::bench
