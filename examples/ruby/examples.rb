# syncMultipleLeads, syncMObjects and syncCustomObjects with Savon 2.
require 'openssl'
require 'savon'
require 'securerandom'

ENDPOINT = ENV.fetch('LEADKEEP_ENDPOINT', 'http://127.0.0.1:8080/soap/mktows/3_1')
USER = ENV.fetch('LEADKEEP_USER', 'demo_user')
KEY = ENV.fetch('LEADKEEP_KEY', 'demo_key_0123456789abcdef')
UNIQUE = SecureRandom.hex(6)

def header
  timestamp = Time.now.strftime('%Y-%m-%dT%H:%M:%S%:z')
  signature = OpenSSL::HMAC.hexdigest('sha1', KEY, timestamp + USER)
  { 'ns1:AuthenticationHeader' => { 'mktowsUserId' => USER, 'requestSignature' => signature, 'requestTimestamp' => timestamp } }
end

CLIENT = Savon.client(wsdl: "#{ENDPOINT}?WSDL", endpoint: ENDPOINT, env_namespace: 'SOAP-ENV', namespace_identifier: :ns1,
                      convert_request_keys_to: :none)

def call(operation, message)
  name = operation.gsub(/([A-Z])/) { "_#{Regexp.last_match(1).downcase}" }.to_sym
  answer = CLIENT.call(name, soap_header: header, message: message)
  answer.body.values.first[:result]
end

def attributes(pairs)
  { 'attribute' => pairs.map { |name, value| { 'attrName' => name, 'attrValue' => value } } }
end

def attribs(pairs)
  { 'attrib' => pairs.map { |name, value| { 'name' => name, 'value' => value } } }
end

def check(expected, came, what)
  abort("#{what}: expected #{expected.inspect}, came #{came.inspect}") unless expected == came
  puts "ok: #{what}"
end

email = "ruby.#{UNIQUE}@example.com"
record = { 'Email' => email, 'leadAttributeList' => attributes('FirstName' => 'Ann', 'Company' => 'Acme & Sons') }
result = call('syncMultipleLeads', 'leadRecordList' => { 'leadRecord' => [record] }, 'dedupEnabled' => 'True')
status = result[:sync_status_list][:sync_status]
check('CREATED', status[:status], 'the lead is new')
lead = status[:lead_id]
result = call('getLead', 'leadKey' => { 'keyType' => 'EMAIL', 'keyValue' => email })
check('1', result[:count], 'one lead has the address')

key = { 'name' => 'opportunityId', 'value' => "ruby-#{UNIQUE}" }
deal = { 'type' => 'Opportunity', 'externalKey' => key, 'attribList' => attribs('Name' => 'Q1 deal', 'Amount' => '501.00') }
links = [{ 'mObjType' => 'Opportunity', 'externalKey' => key }, { 'mObjType' => 'Lead', 'id' => lead }]
role = { 'type' => 'OpportunityPersonRole', 'attribList' => attribs('Role' => 'Influencer'),
         'associationList' => { 'mObjAssociation' => links } }
result = call('syncMObjects', 'mObjectList' => { 'mObject' => [deal, role] }, 'operation' => 'UPSERT')
check(%w[CREATED CREATED], result[:m_obj_status_list][:m_obj_status].map { |one| one[:status] }, 'deal and role are new')
cost = { 'attrType' => 'Cost', 'attrList' => attribs('Month' => '2013-06', 'Amount' => '2000') }
program = { 'type' => 'Program', 'id' => 1970, 'typeAttribList' => { 'typeAttrib' => [cost] } }
result = call('syncMObjects', 'mObjectList' => { 'mObject' => [program] }, 'operation' => 'UPDATE')
check('UPDATED', result[:m_obj_status_list][:m_obj_status][:status], 'the program has a new cost')

object = { 'customObjKeyList' => attributes('MKTOID' => lead, 'rid' => UNIQUE),
           'customObjAttributeList' => attributes('city' => 'SanMateo') }
result = call('syncCustomObjects', 'objTypeName' => 'RoadShow', 'customObjList' => { 'customObj' => [object] },
                                   'operation' => 'UPSERT')
check('CREATED', result[:sync_custom_obj_status_list][:sync_custom_obj_status][:status], 'the road show is new')
