#include "app/importer.hpp"
#include "bench/messages.hpp"
#include "bench/site.hpp"
#include "bench/table.hpp"

#include <fstream>
#include <thread>

#include <expat.h>

namespace hefang::bench {
namespace {

double bare_expat(const std::vector<std::string>& files, int records) {
    const auto from = Steady::now();
    for (const auto& file : files) {
        XML_Parser parser = XML_ParserCreateNS(nullptr, '|');
        XML_SetElementHandler(
            parser, [](void*, const XML_Char*, const XML_Char**) {}, [](void*, const XML_Char*) {});
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

/// The files go through a real inbox, from the arrival of the last to their filing, while the lanes are quiet; records
/// a second.
double take(TurnSite& site, app::Importer& importer, const std::string& inbox, const std::vector<std::string>& files,
            int records) {
    for (const auto& path : files)
        std::filesystem::rename(path, inbox + "/" + std::filesystem::path(path).filename().string());
    const auto from = Steady::now();
    const auto before = importer.counters().value("files-taken");
    std::thread looks([&] { importer.look(); });
    while (importer.counters().value("files-taken") - before < files.size() || importer.waiting() > 0)
        site.turn->turn();
    const double rate = records / seconds_since(from);
    looks.join();
    return rate;
}

}  // namespace

void bench_import(const Scale& scale) {
    Folder folder;
    TurnSite site(folder.path, 1);
    const auto path = folder.path + "/inbox";
    app::Importer importer(customs::Inbox::open(path, site.clock).value(), site.mailbox, site.clock);
    for (int done = 0; done < scale.inventories; done += 5 * file_rows) {
        const auto files = write_files(folder.path, static_cast<std::uint64_t>(done), 5 * file_rows);
        (void)take(site, importer, path, files, 5 * file_rows);
        for (const auto& taken : std::filesystem::directory_iterator(path + "/done")) std::filesystem::remove(taken);
    }
    const auto files = write_files(folder.path, 500'000'000, scale.imported);
    const double floor = bare_expat(files, scale.imported);
    const double rate = take(site, importer, path, files, scale.imported);
    print({"CEB621 import into " + std::to_string(scale.inventories) + ", lanes quiet", format("%.0f records/s", rate),
           format("%.0f/s bare expat", floor), format("%.2f", rate / floor), ">= 0.45",
           std::to_string(scale.imported) + " records"});
}

}  // namespace hefang::bench
