# How a client is connected.
connect-text = 기존 프로그램의 값을 이 세 값으로 바꾸세요. 아래 프로그램은 그대로 실행되며 개체 유형을 조회해 출력합니다.
connect-endpoint = SOAP 엔드포인트
connect-key = 암호화 키
connect-key-text = 사용자를 만들 때 표시되었습니다. 새 키는 사용자에서 만들 수 있습니다. 아래 프로그램은 LEADKEEP_KEY에서 읽습니다.
connect-console = 콘솔
connect-console-text = 메시지는 이 사용자로 서명되어 다른 호출과 똑같이 실행됩니다. 변경 사항은 실제로 적용됩니다.
connect-params = 매개변수(XML)
connect-send = 보내기
connect-no-user = 이 사용자는 비활성이거나 유효한 키가 없습니다.
