BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE batch (
	id INTEGER NOT NULL, 
	flow VARCHAR(40) NOT NULL, 
	"trigger" VARCHAR(40) NOT NULL, 
	slot VARCHAR(32), 
	started_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	outcome VARCHAR(20), 
	summary TEXT NOT NULL, 
	error TEXT, 
	CONSTRAINT pk_batch PRIMARY KEY (id)
);
INSERT INTO "batch" VALUES(1,'invoices','command',NULL,'2026-11-28T07:40:20.373394+00:00',NULL,NULL,'{}',NULL);
CREATE TABLE capture (
	record_id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	supplier_number TEXT NOT NULL, 
	layout VARCHAR(16) NOT NULL, 
	confidence FLOAT NOT NULL, 
	corrected TEXT NOT NULL, 
	CONSTRAINT pk_capture PRIMARY KEY (record_id), 
	CONSTRAINT fk_capture_record_id FOREIGN KEY(record_id) REFERENCES record (id)
);
CREATE TABLE control (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	set_at VARCHAR(32) NOT NULL, 
	set_by TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_control PRIMARY KEY (name)
);
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	outcome VARCHAR(20) NOT NULL, 
	scope TEXT NOT NULL, 
	clean BOOLEAN NOT NULL, 
	policy_hash VARCHAR(64) NOT NULL, 
	code VARCHAR(80) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	parts TEXT NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT fk_decision_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id), 
	CONSTRAINT fk_decision_record_id FOREIGN KEY(record_id) REFERENCES record (id)
);
INSERT INTO "decision" VALUES(1,1,1,'2026-11-28T07:40:28.429100+00:00','load','everything',1,'37d5474642531fa711fca4468f047144fa4398ce3024274621796e160b2abdd7','0.1.0 5f923a1ab8a49b25','7155a86dd743cfd8cfd8e7dddb6130f745033f737040f8b79a9f4da5a16e0f6a','{"accounts": "e9a52d965546d610ce60f12d283b2221799d26ea69499fce1af196b0fbcb1018", "policy": "37d5474642531fa711fca4468f047144fa4398ce3024274621796e160b2abdd7"}',X'789CED57CB6EE33614FD15828BAE6C8392134FE29D90710A771227B09302D3C140A045DA664B891A8A726364F2EFBD977A588EC76D8A6EBA081004E2EB3ECE3DF7907EA68911928E291B040346CE5797E190077C79C1CF2E97E139EDC17AE6E493A3E367CA93C494992BE8382BB586259E0925B89330F3E5ABDFBA52426609187C7EE9D19582F56C5DAF6E54E18CDDC1E09926A5B5B00F06F4F6F31CBCA01518842CF8D067C37EC8604E2D790673F895F2B58C8B0D0FCF47F54C1127560AE5E2CCE0C915D785ECD13F249ABC608C85DFAF16D13008D987EFD3D9AF7042ABCCC7D9A611D79987B0BB3F82FFFD80A15B9EE22A9A391BF809218BC4AADC2983E14CB8D54A5A22A4565B09F9F4686E62B41E6765BA94B60A10E6BAC36F25CF9C72BB0ABA1780A35D6DE2845DC6AAB5CAB83E385A98D222A2006F99739C70DC95900AE5796ECD560A9C2BF31CC3DA9FF420C08A338EEB361BF47C8CA6B142DABA4C56261292AD47E0ABA92156B471D361C3B1472E8495059EA0894F997E7A8C6E2272F3787BFF38F7948273B62A3E0C339E627A9FC8E2217A98DECD26F3CFE42772777D3DBD9A90C5E3FDFDCD74B2F0904234BA29DBF9A82A17A2216BA49C95D2053098DD0D2E7BE417F03A23B7D16CBA20C31E7988E0932C263F47F3767388272131A18A5CF35DFCD65844991595539972A5ABCF8DD12256D9D6A804A95673B2436341C7010BCE7A34E52ED900ACB1965B89A73393C97F01C511E6268BD17BEBD4B88DAF12A496F35D2AA14EA9741B033B681D21DD2F3969534C67367918B20EE59EE9D23CB5DD6E7499D699AC94C638AF9091A42105C1DCEA4E6B0EE540B59AF35DE2260E7A07C9C99F62448532169CB3D1E8EC828DD04499A32088983BDFA0E1A81F04FDE0E2818DC68CC1DF6FB0E74FB92C5455FA1730DE6485CC748E271BCCAC11A60DB76BD919B8D8ACE2BD9CD1E8EA76423C1951EE2CC477D0827ED2E8B8E9A561250CA7550C03667D5F994627E26AB1824594F2602C9F726321E113A4A936F9BEFD5BF9F32AE4291503B2BC52ACCEDADBF44F6B93F8B3356042269A5BD9C6D16654F9A64712398B00CDAB68FE915C836D1644B4667C6CE54ADAEA82A01D1A07AF086BDD6B2DFD277DCDADAF7D53193F8C97BC5058DDE04080FDF0AD0C478C44DF6731488A6DCBEEB357D406B81B7E9526C56B22F25ABB87A88D768F492BF75D2AFCF00E384047ED69F2BA8129EA770AB470A629AF9FFA56CA02F6C41DB1FAAF080C4F35B7BF8D9610041D3B5BCACEDD747C311C5C067BFD3B12FB533A7FA4E3ADAF6EA6EDDDF846753D7D99B62BAD70D1C3DA7774ABC6E5F752AC2516C943ADB4C646AADB4A1555C368C3F11297DBE6F5F4A5F54456808F20CB1DA983F9EAD542F3AC6E6F3AAD84AFE935022F020B5A3627D80B4415C4579038431AC11BD077B97C97CB77B97C97CBFF9F5CEEFB0EB572FFEB71CD7320FE803578420FD832CBC076995776A1C7844A9C7F4C3BE21B089AF0C5FFA4E145DB9E4562724C4B624F3A7C84FB40D720784D3F1A3F3D386D13F1D62AA9ABE08CE0BBCE3B35BCA02F7F010296DA91');
INSERT INTO "decision" VALUES(2,2,1,'2026-11-28T07:40:28.900751+00:00','load','everything',1,'37d5474642531fa711fca4468f047144fa4398ce3024274621796e160b2abdd7','0.1.0 5f923a1ab8a49b25','41a224cdb5cb0a38d74a8b8e08275b39e6c3d0e704808369ad77a6ad68c3a3ea','{"accounts": "e9a52d965546d610ce60f12d283b2221799d26ea69499fce1af196b0fbcb1018", "policy": "37d5474642531fa711fca4468f047144fa4398ce3024274621796e160b2abdd7"}',X'789CED57DF6FE23810FE572C3FDC13A0040ADBF296EDD113B72DADA03D696FB58A4C6CC0774E9C751C0ED4E57FBF19E70701B65DF6F6E51E2A2114FF1ACF7C33DF37C9338D34177448BD8EDFF1487F71D5ED319FCD2FD9C5D5BCDBA72D584FACD8583A7CA62C8A749ED88C0E935C29586209979C5901339F3EBBAD0BC9451281C1E75D8B2E24AC27CB72752533ABCD1606CF34CA8D817D30A0771FA7700B5A8141D7F3DFB5BD5EBBEBC19C9CB304E6F029664B11662BD6ED0FCA992C8C8CE0D28689C6930BA632D1A27F0B3479E9795EF7EBF52CE8F95DEFDDD7F1E40F38A164E2FCACC308CBC8BBB0BB3D80FFB6EFE1B52CC6553473D171135C649191A9951ADD1931A3A430840B25D702E269D15487683D4CF2782E4CE120CC35875F72965869B705743B80A35EADFC845DDAC8A54C983A389AE9DC20A2006F9E329CB0CCE6100A65696AF45A709CCBD314DDDA9F7420C08AD596A93A9A5DEB35F0BB03C0A0ED8EFD24F837F0EFF9C17FC6BEF72DE827C1DD885C07D35F4969FE47B1A73E3D807E6FE675E4C5265AB164299AE09F05BA0B03AF3C05511B2E4C490D232201519623B8A2E20DB2A8BAA5C1C0D30B19E7466478824645A81F9E82DB80DC3EDD3D3C4D1D8DE19C29720EC384C518D807327B0C1EC7F793D1F423F985DCDFDC8CAF4764F6F4F0703B1ECD1C94E08DAAD2D51F146942104489813542581FB373DFB96A91DFE1D609B90B26E319E9B5C863008F6436FA2D98D69BBB781202E3324B15DB86E7FAC2F3A4045EC44CAAE271A5150F65B2D632C2122B4BB151BD9C0E7DCFBF68D198D96805B0864AAC059E4E74227E008A13CC7512E2EDF5A5DAAE5C9620B4946D6301798A855D69D8414B0FE97EC90A13633893D163CF6B14DB339DEB4DADB05AE57119C9422AF4F31A558054454130B69261D5A1144AADD499A6584416F40A6B936D42448542E9F7BDC1E0E2D21BA0893C451DE021B3B516F86DFFF2D11B0C3D0F7E7FC29E7FC43C9345EA7760BC8A0A2BD35A16AD30B2AA19AC98598AC6C0867A11EE5B080DAE81CDAE18B1C518F0EF807C6E52AB704FA5A21D9D235E953687C562010BCFC5C1586C526D20E0178AA6D8E478FBAAEA39F571251502B2AC90AAC6DA79BAA7948EDCD912302E22C58CA8FDA8232AEEA6DFD5C6F7B4ACF8D08885304553A68D32F68F0AD6D8630DFD9EAEA6C6E5BECA8C1B867396C9CC29ED91F09E5FE188116FBB283A51B6AEAB7B7054DA0077555FB98EB1350785BCD7101D09FDFBA6D0374BE19BEA7F808EDC97C9318129EA770C656175955E37F5251719EC091B62F5B308F45F22B76B467370820EADC945A3359D36868366B0D7BF13B17F49E74F74BCBEAB1969DD1ACF54D7977B69BD520B173DCC7D43B74A5CFECAF95260921CD452292452492B991584519AE18B9358576FAC9FEA9BC802F0E164BE25A5339F9D5A289694F4A6E342F82AAE11780B33A06553825C2032232E83C46A52095E87BEC9E59B5CBEC9E59B5CFEFFE472CF3BD4CAFD17FB92A550F81DAFC2133860F22401DB795AD8058E711959F7326D8923109070E73E695856D3338B74EABEA39093165FC29DA34B10BC8A8FDA4D775EB689782B199559B09AB36DE33DB57B4977FF0222B7493A');
CREATE TABLE doubt (
	id INTEGER NOT NULL, 
	supplier_number TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	why TEXT NOT NULL, 
	reviewed_at VARCHAR(32), 
	reviewed_by TEXT, 
	review TEXT, 
	CONSTRAINT pk_doubt PRIMARY KEY (id)
);
CREATE TABLE event (
	id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	what VARCHAR(60) NOT NULL, 
	who TEXT NOT NULL, 
	batch_id INTEGER, 
	sha256 VARCHAR(64), 
	record_id INTEGER, 
	detail TEXT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (id)
);
INSERT INTO "event" VALUES(1,'2026-11-28T07:40:27.416423+00:00','file seen','vm:26158:3d3e59aa',1,'4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51',NULL,'{"path": "outbox/coded-00001.csv", "remote": "lockbox"}','a8a1947a776453ca17c2499cbac5494ecedc43a34b11530cd6178ce038d9567c');
INSERT INTO "event" VALUES(2,'2026-11-28T07:40:27.539948+00:00','file seen','vm:26158:3d3e59aa',1,'64dd2d18c365fbd97c4d87a092b16cb38f7c83b67de885e8f0126379a066b7de',NULL,'{"path": "outbox/ubl-00001.xml", "remote": "lockbox"}','c7e59a15f724dfb0a0cc72b8e659575cb312efff6c1d23f36c9cf3d554c7bc02');
INSERT INTO "event" VALUES(3,'2026-11-28T07:40:27.985884+00:00','file taken in','vm:26158:3d3e59aa',1,'4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51',NULL,'{"findings": 0, "records": 2}','1411410f31d9bed508867f9cb5448ff53374c9cd5b92c7df0b82ddcb641df280');
INSERT INTO "event" VALUES(4,'2026-11-28T07:40:28.669850+00:00','judged','vm:26158:3d3e59aa',1,NULL,1,'{"decision": "load", "decision_id": 1, "kept": "7155a86dd743cfd8cfd8e7dddb6130f745033f737040f8b79a9f4da5a16e0f6a", "reasons": ""}','780b7e5290f88251411324d9bcc93adf6fb4311666e16437033e4dde0493dbe4');
INSERT INTO "event" VALUES(5,'2026-11-28T07:40:28.908444+00:00','judged','vm:26158:3d3e59aa',1,NULL,2,'{"decision": "load", "decision_id": 2, "kept": "41a224cdb5cb0a38d74a8b8e08275b39e6c3d0e704808369ad77a6ad68c3a3ea", "reasons": ""}','e4632a2927b8d87f3a49f868d846fc615c968ea71ce72aa24685c404b9185578');
INSERT INTO "event" VALUES(6,'2026-11-28T07:40:29.008773+00:00','intent','vm:26158:3d3e59aa',1,NULL,1,'{"number": "F00001A", "to": "create"}','0012e766774bf9739c193e6f751be75d5e6bae42aec5c984ff9cd8d815dcebb9');
CREATE TABLE file (
	sha256 VARCHAR(64) NOT NULL, 
	flow VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	taken_at VARCHAR(32) NOT NULL, 
	batch_id INTEGER NOT NULL, 
	former VARCHAR(64), 
	owner TEXT, 
	fence INTEGER NOT NULL, 
	lease_until VARCHAR(32), 
	tries INTEGER NOT NULL, 
	reason TEXT, 
	CONSTRAINT pk_file PRIMARY KEY (sha256), 
	CONSTRAINT fk_file_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "file" VALUES('4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51','invoices','coded-00001.csv',811,'csv','open','2026-11-28T07:40:27.248835+00:00',1,NULL,'vm:26158:3d3e59aa',1,'2026-11-28T07:40:29.000000+00:00',1,NULL);
INSERT INTO "file" VALUES('64dd2d18c365fbd97c4d87a092b16cb38f7c83b67de885e8f0126379a066b7de','invoices','ubl-00001.xml',3955,'','open','2026-11-28T07:40:27.513451+00:00',1,NULL,NULL,0,NULL,0,NULL);
CREATE TABLE finding (
	id INTEGER NOT NULL, 
	sha256 VARCHAR(64), 
	record_id INTEGER, 
	batch_id INTEGER NOT NULL, 
	rule VARCHAR(60) NOT NULL, 
	severity VARCHAR(10) NOT NULL, 
	message TEXT NOT NULL, 
	record TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_finding PRIMARY KEY (id), 
	CONSTRAINT fk_finding_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id), 
	CONSTRAINT fk_finding_record_id FOREIGN KEY(record_id) REFERENCES record (id), 
	CONSTRAINT fk_finding_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
);
CREATE TABLE outgoing (
	id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	flow VARCHAR(40) NOT NULL, 
	remote VARCHAR(40) NOT NULL, 
	path TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	records INTEGER NOT NULL, 
	totals TEXT NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	answers VARCHAR(64), 
	made_at VARCHAR(32) NOT NULL, 
	published_at VARCHAR(32), begun_at VARCHAR(32), owner TEXT, fence INTEGER DEFAULT '0' NOT NULL, lease_until VARCHAR(32), 
	CONSTRAINT pk_outgoing PRIMARY KEY (id), 
	CONSTRAINT fk_outgoing_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id), 
	CONSTRAINT uq_outgoing_remote_path UNIQUE (remote, path)
);
CREATE TABLE part (
	sha256 VARCHAR(64) NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_part PRIMARY KEY (sha256)
);
INSERT INTO "part" VALUES('37d5474642531fa711fca4468f047144fa4398ce3024274621796e160b2abdd7',X'789CAD52514F223110FE2B661ECD9E010D9EF2A6B2B94B087A39C28331A619BA65B7B96EBB96D94342F8EFCE80AC6080F8609FFA4DBF6FBEAFD32E401718690ADD05F4FA7DE8C2CDDD203DE9F5218174F47783D311E35FB77F367824E783C7E67CF0C8F8FEA1D1DF3F301EA60D1EA68C47C35EA31FC232811CC9AC9CB10CB527D99D32A3DD92258431FA7F8A03FADC70BD082EE3363AF889CD8CD75C6B9D5D7712F066A6A67555396B22F35CC04CD425922EACCFB974F163867390D2ABC2DCA80CE76C7CCD36EB9A6085856161F7826B55815389F6B4586FB905D61460F99C00056722B2FD5674E5AC372B380EFF85ED0363B9419DE586B64E3E2EDB16F3CA446D0441ED9D2D2D198ECE3A7995FCDDE1B3B07344176266A2A240E80E9BEA508E577901BD4CA569762E2DAA68B5D96FBC23756E57CA97352ECC762325F052A3274BF37DD3D93C9A3A32A6CEB13111BEEE1541EBACD58103BA26E817F9E27370A0DFEBC48ADA5B5AFFBC096A0AFCA1DB094C6228997A77790E1286B7E90DB7DFC7F97DF5739BC31F7666A9083529D4FA3D43167142B07C03153144F9');
INSERT INTO "part" VALUES('e9a52d965546d610ce60f12d283b2221799d26ea69499fce1af196b0fbcb1018',X'789C8B5632323030D0353504124096928E02540048EA1A220B18A30998A1AB30C35061822E608A2E60061588050094B5189D');
CREATE TABLE record (
	id INTEGER NOT NULL, 
	flow VARCHAR(40) NOT NULL, 
	sha256 VARCHAR(64), 
	batch_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	business_key TEXT NOT NULL, 
	owned_key TEXT, 
	payload_hash VARCHAR(64) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	number TEXT NOT NULL, 
	supplier_number TEXT NOT NULL, 
	supplier_name TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	amount TEXT, 
	document TEXT NOT NULL, 
	evidence TEXT, 
	judgement TEXT, 
	decision VARCHAR(20), 
	reasons TEXT NOT NULL, 
	explanation TEXT, 
	suggestion TEXT, 
	image TEXT, 
	image_sha256 VARCHAR(64), 
	intent_fence INTEGER, 
	intent_at VARCHAR(32), 
	outgoing_id INTEGER, 
	remote_id TEXT, 
	error TEXT, 
	updated_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_record PRIMARY KEY (id), 
	CONSTRAINT fk_record_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id), 
	CONSTRAINT fk_record_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256), 
	CONSTRAINT uq_record_flow_owned_key UNIQUE (flow, owned_key)
);
INSERT INTO "record" VALUES(1,'invoices','4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51',1,1,'80002|F00001A|INV','80002|F00001A|INV','8df67b38b019b5c74e327d5d38c775a2e6f6c82d8c4bd912ba2000ef3fb2d204','intent','F00001A','80002','K STATIONERY & OFFICE SUPPLIES','MYR','3.00','{"number":"F00001A","date":"2026-10-02","currency":"MYR","lines":[{"number":1,"description":"NAME CARD F00001A","price":"3.00","quantity":"1","price_basis":"1","declared":null,"uom":"EA","part_number":"","po_number":"","po_line_number":"","account_code":"2000-6200-100","allocations":[],"taxes":[],"match_reference":"","delivery_note":"","other":{},"source":{"file":"coded-00001.csv","line":4,"column":"","page":null,"box":null}}],"supplier_number":"80002","supplier_name":"K STATIONERY & OFFICE SUPPLIES","supplier_tax_id":"","supplier_address":{"name":"","street1":"","street2":"","city":"","state":"","postal_code":"","country":""},"supplier_email":"","iban":"","charges":[],"taxes":[],"line_level_taxation":false,"control_total":"3.00","is_credit_note":false,"original_number":"","original_date":null,"chart_of_accounts":"ACME MY","payment_terms":"","due_date":null,"delivery_date":null,"submit":true,"note":"","requester_email":"","contract_number":"","remit_to_code":"","image":"","attachments":[],"id":null,"status":"","exported":false,"paid":false,"updated_at":null,"other":{},"source":{"file":"coded-00001.csv","line":3,"column":"","page":null,"box":null}}',NULL,'{"decision":"load","verdict":"not matched","reasons":[],"invoice":{"number":"F00001A","date":"2026-10-02","currency":"MYR","lines":[{"number":1,"description":"NAME CARD F00001A","price":"3.00","quantity":"1","price_basis":"1","declared":null,"uom":"EA","part_number":"","po_number":"","po_line_number":"","account_code":"2000-6200-100","allocations":[],"taxes":[],"match_reference":"","delivery_note":"","other":{},"source":{"file":"coded-00001.csv","line":4,"column":"","page":null,"box":null}}],"supplier_number":"80002","supplier_name":"K STATIONERY & OFFICE SUPPLIES","supplier_tax_id":"","supplier_address":{"name":"","street1":"","street2":"","city":"","state":"","postal_code":"","country":""},"supplier_email":"","iban":"","charges":[],"taxes":[],"line_level_taxation":false,"control_total":"3.00","is_credit_note":false,"original_number":"","original_date":null,"chart_of_accounts":"ACME MY","payment_terms":"","due_date":null,"delivery_date":null,"submit":true,"note":"","requester_email":"","contract_number":"","remit_to_code":"","image":"","attachments":[],"id":null,"status":"","exported":false,"paid":false,"updated_at":null,"other":{},"source":{"file":"coded-00001.csv","line":3,"column":"","page":null,"box":null}},"explanation":"Invoice F00001A over MYR 3.00 is coded to accounts.","suggestion":"Nothing.","lines":[{"line":1,"verdict":"not matched","billings":[],"runner_up":"","gap":1.0}],"billed":[],"evidence":["supplier found by number"],"scope":"everything"}','load','','Invoice F00001A over MYR 3.00 is coded to accounts.','Nothing.',NULL,NULL,1,'2026-11-28T07:40:28.989343+00:00',NULL,NULL,NULL,'2026-11-28T07:40:28.989343+00:00');
INSERT INTO "record" VALUES(2,'invoices','4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51',1,2,'80002|F00001B|INV','80002|F00001B|INV','21b570e041f6a78cbee558cf5eb7bed3d66e2010986eacb2f4fa48abcabb8bfc','new','F00001B','80002','K STATIONERY & OFFICE SUPPLIES','MYR','3.25','{"number":"F00001B","date":"2026-10-02","currency":"MYR","lines":[{"number":1,"description":"NAME CARD F00001B","price":"3.25","quantity":"1","price_basis":"1","declared":null,"uom":"EA","part_number":"","po_number":"","po_line_number":"","account_code":"2000-6200-100","allocations":[],"taxes":[],"match_reference":"","delivery_note":"","other":{},"source":{"file":"coded-00001.csv","line":6,"column":"","page":null,"box":null}}],"supplier_number":"80002","supplier_name":"K STATIONERY & OFFICE SUPPLIES","supplier_tax_id":"","supplier_address":{"name":"","street1":"","street2":"","city":"","state":"","postal_code":"","country":""},"supplier_email":"","iban":"","charges":[],"taxes":[],"line_level_taxation":false,"control_total":"3.25","is_credit_note":false,"original_number":"","original_date":null,"chart_of_accounts":"ACME MY","payment_terms":"","due_date":null,"delivery_date":null,"submit":true,"note":"","requester_email":"","contract_number":"","remit_to_code":"","image":"","attachments":[],"id":null,"status":"","exported":false,"paid":false,"updated_at":null,"other":{},"source":{"file":"coded-00001.csv","line":5,"column":"","page":null,"box":null}}',NULL,'{"decision":"load","verdict":"not matched","reasons":[],"invoice":{"number":"F00001B","date":"2026-10-02","currency":"MYR","lines":[{"number":1,"description":"NAME CARD F00001B","price":"3.25","quantity":"1","price_basis":"1","declared":null,"uom":"EA","part_number":"","po_number":"","po_line_number":"","account_code":"2000-6200-100","allocations":[],"taxes":[],"match_reference":"","delivery_note":"","other":{},"source":{"file":"coded-00001.csv","line":6,"column":"","page":null,"box":null}}],"supplier_number":"80002","supplier_name":"K STATIONERY & OFFICE SUPPLIES","supplier_tax_id":"","supplier_address":{"name":"","street1":"","street2":"","city":"","state":"","postal_code":"","country":""},"supplier_email":"","iban":"","charges":[],"taxes":[],"line_level_taxation":false,"control_total":"3.25","is_credit_note":false,"original_number":"","original_date":null,"chart_of_accounts":"ACME MY","payment_terms":"","due_date":null,"delivery_date":null,"submit":true,"note":"","requester_email":"","contract_number":"","remit_to_code":"","image":"","attachments":[],"id":null,"status":"","exported":false,"paid":false,"updated_at":null,"other":{},"source":{"file":"coded-00001.csv","line":5,"column":"","page":null,"box":null}},"explanation":"Invoice F00001B over MYR 3.25 is coded to accounts.","suggestion":"Nothing.","lines":[{"line":1,"verdict":"not matched","billings":[],"runner_up":"","gap":1.0}],"billed":[],"evidence":["supplier found by number"],"scope":"everything"}','load','','Invoice F00001B over MYR 3.25 is coded to accounts.','Nothing.',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-28T07:40:28.843030+00:00');
CREATE TABLE reference (
	kind VARCHAR(40) NOT NULL, 
	"key" TEXT NOT NULL, 
	supplier_number TEXT NOT NULL, 
	lookup TEXT NOT NULL, 
	document TEXT NOT NULL, 
	seen_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_reference PRIMARY KEY (kind, "key")
);
CREATE TABLE sighting (
	id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	remote VARCHAR(40) NOT NULL, 
	path TEXT NOT NULL, 
	seen_at VARCHAR(32) NOT NULL, 
	batch_id INTEGER NOT NULL, 
	tidied_at VARCHAR(32), 
	CONSTRAINT pk_sighting PRIMARY KEY (id), 
	CONSTRAINT fk_sighting_batch_id FOREIGN KEY(batch_id) REFERENCES batch (id), 
	CONSTRAINT fk_sighting_sha256 FOREIGN KEY(sha256) REFERENCES file (sha256)
);
INSERT INTO "sighting" VALUES(1,'4f142bd6d0dd72548f838e55b71be2789048bbe7898758ed8bee2e699cd06f51','lockbox','outbox/coded-00001.csv','2026-11-28T07:40:27.248835+00:00',1,NULL);
INSERT INTO "sighting" VALUES(2,'64dd2d18c365fbd97c4d87a092b16cb38f7c83b67de885e8f0126379a066b7de','lockbox','outbox/ubl-00001.xml','2026-11-28T07:40:27.513451+00:00',1,NULL);
CREATE TABLE slot (
	flow VARCHAR(40) NOT NULL, 
	due TEXT NOT NULL, 
	taken_at VARCHAR(32) NOT NULL, 
	owner TEXT NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	batch_id INTEGER, 
	CONSTRAINT pk_slot PRIMARY KEY (flow, due)
);
CREATE TABLE verdict (
	id INTEGER NOT NULL, 
	decision_id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	who TEXT NOT NULL, 
	why TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	amount TEXT NOT NULL, 
	wrong_amount TEXT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	automatic BOOLEAN NOT NULL, 
	counts BOOLEAN NOT NULL, 
	CONSTRAINT pk_verdict PRIMARY KEY (id), 
	CONSTRAINT fk_verdict_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id)
);
CREATE TABLE watermark (
	flow VARCHAR(40) NOT NULL, 
	value VARCHAR(32) NOT NULL, 
	batch_id INTEGER NOT NULL, 
	CONSTRAINT pk_watermark PRIMARY KEY (flow)
);
INSERT INTO "watermark" VALUES('reference supplier','2026-11-28T07:40:20.401900+00:00',1);
INSERT INTO "watermark" VALUES('reference account','2026-11-28T07:40:23.651366+00:00',1);
INSERT INTO "watermark" VALUES('reference order','2026-11-28T07:40:23.970320+00:00',1);
INSERT INTO "watermark" VALUES('reference receipt','2026-11-28T07:40:24.385951+00:00',1);
INSERT INTO "watermark" VALUES('reference invoice','2026-11-28T07:40:24.670211+00:00',1);
CREATE INDEX ix_batch_flow_started_at ON batch (flow, started_at);
CREATE INDEX ix_event_batch_id ON event (batch_id);
CREATE INDEX ix_event_record_id ON event (record_id);
CREATE INDEX ix_event_sha256 ON event (sha256);
CREATE INDEX ix_reference_kind_lookup ON reference (kind, lookup);
CREATE INDEX ix_reference_kind_supplier_number ON reference (kind, supplier_number);
CREATE INDEX ix_file_flow_state ON file (flow, state);
CREATE INDEX ix_outgoing_batch_id ON outgoing (batch_id);
CREATE INDEX ix_outgoing_state ON outgoing (state);
CREATE INDEX ix_record_batch_id ON record (batch_id);
CREATE INDEX ix_record_business_key ON record (business_key);
CREATE INDEX ix_record_flow_state ON record (flow, state);
CREATE INDEX ix_record_outgoing_id ON record (outgoing_id);
CREATE INDEX ix_record_sha256_position ON record (sha256, position);
CREATE INDEX ix_sighting_remote_path ON sighting (remote, path);
CREATE INDEX ix_sighting_sha256 ON sighting (sha256);
CREATE INDEX ix_finding_batch_id ON finding (batch_id);
CREATE INDEX ix_finding_record_id ON finding (record_id);
CREATE INDEX ix_finding_sha256 ON finding (sha256);
CREATE INDEX ix_decision_record_id ON decision (record_id);
CREATE INDEX ix_decision_at ON decision (at);
CREATE INDEX ix_verdict_decision_id ON verdict (decision_id);
CREATE INDEX ix_capture_supplier_number ON capture (supplier_number);
CREATE INDEX ix_doubt_supplier_number ON doubt (supplier_number);
COMMIT;
