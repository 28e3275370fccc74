// A server of two mktows operations as gSOAP gives it, over a hash map in memory: the rival of the benchmarks.
#include "MktowsApiSoapBinding.nsmap"
#include "soapMktowsApiSoapBindingService.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

struct Lead {
    int id = 0;
    std::string email;
    // A flat map: a lead has about ten attributes, and so few are found faster by a scan than by a hash.
    std::vector<std::pair<std::string, std::string>> attributes;

    void set(std::string &&name, std::string &&value) {
        for (auto &attribute : attributes) {
            if (attribute.first == name) {
                attribute.second = std::move(value);
                return;
            }
        }
        attributes.emplace_back(std::move(name), std::move(value));
    }
};

// The leads by address. Each shard has its own lock, so that calls seldom wait for each other.
struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Lead> leads;
};

std::array<Shard, 64> shards;
std::atomic<int> last_id{0};
std::string string_type = "string";

Shard &shard_of(const std::string &key) {
    // The upper bits: the map inside the shard goes by the lower ones.
    return shards[std::hash<std::string>{}(key) >> 58];
}

std::string lower(std::string_view text) {
    std::string key(text);
    for (char &letter : key) {
        if (letter >= 'A' && letter <= 'Z') {
            letter += 'a' - 'A';
        }
    }
    return key;
}

class Rival : public MktowsApiSoapBindingService {
public:
    explicit Rival(struct soap *context) : MktowsApiSoapBindingService(context) {}

    int syncMultipleLeads(ns1__ParamsSyncMultipleLeads *params, ns1__SuccessSyncMultipleLeads &answer) override {
        soap_noheader(); // or the header of the request would be sent back
        answer.result = soap_new_ns1__ResultSyncMultipleLeads(soap);
        answer.result->syncStatusList = soap_new_ns1__ArrayOfSyncStatus(soap);
        if (!params || !params->leadRecordList) {
            return SOAP_OK;
        }
        auto &records = params->leadRecordList->leadRecord;
        auto &statuses = answer.result->syncStatusList->syncStatus;
        statuses.reserve(records.size());
        for (ns1__LeadRecord *record : records) {
            auto *status = soap_new_ns1__SyncStatus(soap);
            sync(*record, *status);
            statuses.push_back(status);
        }
        return SOAP_OK;
    }

    int getLead(ns1__ParamsGetLead *params, ns1__SuccessGetLead &answer) override {
        soap_noheader();
        std::string key = params && params->leadKey ? lower(params->leadKey->keyValue) : std::string();
        Shard &shard = shard_of(key);
        std::lock_guard<std::mutex> guard(shard.mutex);
        auto found = shard.leads.find(key);
        if (found == shard.leads.end()) {
            soap_clr_omode(soap, SOAP_XML_NIL); // SOAP 1.1 has no place for the absent parts of a fault
            return soap_senderfault("20103 - Lead not found", nullptr);
        }
        Lead &lead = found->second;
        auto *record = soap_new_ns1__LeadRecord(soap);
        record->Id = soap_new_int(soap);
        *record->Id = lead.id;
        record->Email = soap_new_std__string(soap);
        *record->Email = lead.email;
        record->leadAttributeList = soap_new_ns1__ArrayOfAttribute(soap);
        auto &attributes = record->leadAttributeList->attribute;
        attributes.reserve(lead.attributes.size());
        for (const auto &[name, value] : lead.attributes) {
            auto *attribute = soap_new_ns1__Attribute(soap);
            attribute->attrName = name;
            attribute->attrType = &string_type;
            attribute->attrValue = value;
            attributes.push_back(attribute);
        }
        answer.result = soap_new_ns1__ResultGetLead(soap);
        answer.result->count = 1;
        answer.result->leadRecordList = soap_new_ns1__ArrayOfLeadRecord(soap);
        answer.result->leadRecordList->leadRecord.push_back(record);
        return SOAP_OK;
    }

private:
    // The record's strings are moved into the map: nobody needs the record after this.
    static void sync(ns1__LeadRecord &record, ns1__SyncStatus &status) {
        std::string key = record.Email ? lower(*record.Email) : std::string();
        Shard &shard = shard_of(key);
        std::lock_guard<std::mutex> guard(shard.mutex);
        auto [at, created] = shard.leads.try_emplace(std::move(key));
        Lead &lead = at->second;
        if (created) {
            lead.id = ++last_id;
            if (record.Email) {
                lead.email = std::move(*record.Email);
            }
        }
        if (record.leadAttributeList) {
            auto &attributes = record.leadAttributeList->attribute;
            if (created) {
                lead.attributes.reserve(attributes.size());
            }
            for (ns1__Attribute *attribute : attributes) {
                lead.set(std::move(attribute->attrName), std::move(attribute->attrValue));
            }
        }
        status.leadId = lead.id;
        status.status = created ? ns1__LeadSyncStatus::CREATED : ns1__LeadSyncStatus::UPDATED;
    }
};

// Serves one connection until the client closes it.
void serve(struct soap *context) {
    Rival(context).serve();
    soap_destroy(context);
    soap_end(context);
    soap_free(context);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: rival PORT\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    // STORE: an answer is collected for its Content-Length, not sent in chunks. TREE: no tables of ids and references.
    // NIL: absent values are written as xsi:nil, as the service does.
    const soap_mode in = SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING | SOAP_XML_TREE;
    const soap_mode out = in | SOAP_IO_STORE | SOAP_XML_NIL;
    struct soap *listener = soap_new2(in, out);
    listener->bind_flags = SO_REUSEADDR;
    listener->max_keep_alive = 0; // no limit of calls a connection
    // What a call has allocated goes with it, not with the connection.
    listener->fserveloop = [](struct soap *context) {
        soap_destroy(context);
        soap_end(context);
        return SOAP_OK;
    };
    if (!soap_valid_socket(soap_bind(listener, "127.0.0.1", std::atoi(argv[1]), 1024))) {
        soap_print_fault(listener, stderr);
        return 1;
    }
    for (;;) {
        // gSOAP itself sets TCP_NODELAY on what it accepts.
        if (!soap_valid_socket(soap_accept(listener))) {
            soap_print_fault(listener, stderr);
            continue;
        }
        std::thread(serve, soap_copy(listener)).detach();
    }
}
